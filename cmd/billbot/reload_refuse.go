package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// refusal is a version of the rules file that is not in force.
type refusal struct {
	version string
	reason  string // with the line where it is wrong
}

// refuse leaves the old rules in force and says so: to the log at once, to
// Slack and /healthz as a trouble, once for each version.
func (r *reloader) refuse(version string, err error) {
	r.env.log.Error("the rules file is refused, the old rules stay in force", "err", err)
	r.engine.refused.Store(&refusal{version, firstOf(err)})
}

// firstOf is the first mistake of a rules file, and how many there are beside it.
func firstOf(err error) string {
	problems, mistaken := errors.AsType[rules.Problems](err)
	if !mistaken || len(problems) < 2 {
		return err.Error()
	}
	return fmt.Sprintf("%s (and %s: billbot check says all)", problems[0], count(len(problems)-1, "more mistake"))
}

// troubleRules begins the name of a trouble with the rules file; the version that
// is refused ends it.
const troubleRules = "rules "

func (t trouble) ofRules() bool { return strings.HasPrefix(t.name, troubleRules) }

// rulesTrouble is the trouble with the rules file; false where there is none.
func (eng *engine) rulesTrouble() (trouble, bool) {
	refused := eng.refused.Load()
	if refused == nil {
		return trouble{}, false
	}
	return trouble{
		name: troubleRules + refused.version, title: "The rules file is refused",
		reason: "the old rules stay in force: " + refused.reason,
	}, true
}

// mended begins the name under which it is told that a trouble is over.
const mended = "mended "

// tellMended tells once, where the rules file is right again, those who were told
// that it was not.
func (eng *engine) tellMended(ctx context.Context, all []trouble, told []string, now time.Time) (enqueued bool, err error) {
	channel := eng.openChannel(all)
	if channel == "" || slices.ContainsFunc(all, trouble.ofRules) {
		return false, nil
	}
	for _, name := range told {
		if !strings.HasPrefix(name, troubleRules) {
			continue
		}
		item := noticeOf([]trouble{{name: mended + name, title: "The rules file is right again", reason: "it is in force"}}, now)
		item.Channel = channel
		var due *notifier.Item
		if !enqueued {
			due = &item
		}
		posted, err := eng.store.EnqueueNotice(ctx, mended+name, now, due)
		if err != nil {
			return enqueued, err
		}
		enqueued = enqueued || posted
	}
	return enqueued, nil
}
