package slack

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Guard runs something so that a panic in it ends that alone, and reports
// whether it ended without one: on a goroutine of its own it would end billbot.
// What is its name for people.
type Guard func(what string, do func()) bool

// or is the guard, or one that logs where there is none.
func (g Guard) or(log *slog.Logger) Guard {
	if g != nil {
		return g
	}
	return func(what string, do func()) (well bool) {
		defer func() {
			if cause := recover(); cause != nil {
				log.Error("panicked", "at", what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			}
		}()
		do()
		return true
	}
}

// message is what do says, or where it panics, that it did.
func (g Guard) message(what string, do func() Message) Message {
	m := say("billbot failed inside at this.", "Its log says where. Please report it.")
	g(what, func() { m = do() })
	return m
}
