package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// progress shows on a terminal how far long work is, in a line that it takes away
// at the end. nil shows nothing. It may be used by many goroutines at once.
type progress struct {
	mu          sync.Mutex
	out         io.Writer
	what        string
	done, total int
	shown       int // percent; -1 while nothing is
}

// newProgress is the progress of so many steps; nil where nobody sees it.
func newProgress(out io.Writer, what string, total int) *progress {
	if _, is := isTerminal(out); !is || total <= 0 {
		return nil
	}
	return &progress{out: out, what: what, total: total, shown: -1}
}

// progressBar is how wide the bar is.
const progressBar = 30

// step is a step done. The line is drawn when it changes.
func (p *progress) step() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = min(p.done+1, p.total)
	percent := 100 * p.done / p.total
	if percent == p.shown {
		return
	}
	p.shown = percent
	full := progressBar * p.done / p.total
	fmt.Fprintf(p.out, "\r\x1b[K%s [%s%s] %d%%", p.what, strings.Repeat("#", full), strings.Repeat(".", progressBar-full), percent)
}

// end takes the line away.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown >= 0 {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
