package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/billbot/billbot/notifier"
)

// tellTroubles tells each trouble once, where it can be told: in another channel,
// or through the webhook. It reports whether something was put into the outbox.
func (eng *engine) tellTroubles(ctx context.Context, now time.Time) (enqueued bool, err error) {
	items, err := eng.store.Undelivered(ctx)
	if err != nil {
		return false, err
	}
	all := eng.troubles(items)
	told, err := eng.store.Noticed(ctx)
	if err != nil {
		return false, err
	}
	for _, together := range untold(all, told) {
		posted, err := eng.tell(ctx, together, all, now)
		if err != nil {
			return enqueued, err
		}
		enqueued = enqueued || posted
	}
	posted, err := eng.tellMended(ctx, all, told, now)
	if err != nil {
		return enqueued, err
	}
	return enqueued || posted, eng.forget(ctx, all, told)
}

// untold is the troubles that were not told, in groups that are told together:
// channels are, as a whole workspace of them may be closed at once.
func untold(all []trouble, told []string) [][]trouble {
	var groups [][]trouble
	var channels []trouble
	for _, t := range all {
		switch {
		case slices.Contains(told, t.name):
		case t.channel != "":
			channels = append(channels, t)
		default:
			groups = append(groups, []trouble{t})
		}
	}
	if len(channels) > 0 {
		groups = append(groups, channels)
	}
	return groups
}

// tell tells troubles in a channel that is open, or else through the webhook.
func (eng *engine) tell(ctx context.Context, together, all []trouble, now time.Time) (enqueued bool, err error) {
	item := noticeOf(together, now)
	if item.Channel = eng.openChannel(all); item.Channel != "" {
		return true, eng.noticed(ctx, together, now, &item)
	}
	if eng.spare == nil {
		return false, nil
	}
	outcome := eng.spare.Send(ctx, item, nil)
	if outcome.Class != notifier.Sent && outcome.Class != notifier.Ambiguous {
		eng.log.Warn("what is wrong could not be told through the webhook either", "err", outcome.Err)
		return false, nil
	}
	return false, eng.noticed(ctx, together, now, nil)
}

// noticed marks troubles as told, the first of them with the item that tells
// them all, nil where that was told already.
func (eng *engine) noticed(ctx context.Context, together []trouble, now time.Time, item *notifier.Item) error {
	for _, t := range together {
		if _, err := eng.store.EnqueueNotice(ctx, t.name, now, item); err != nil {
			return err
		}
		item = nil
	}
	return nil
}

// openChannel is the first channel that nothing is the matter with, "" where
// there is none.
func (eng *engine) openChannel(all []trouble) string {
	closed := func(name string) bool {
		return slices.ContainsFunc(all, func(t trouble) bool { return t.name == troubleAll || t.channel == name })
	}
	names := channelsOf(eng.rules)
	if len(names) == 0 {
		names = []string{notifier.NoChannel} // a webhook has its own
	}
	if at := slices.IndexFunc(names, func(name string) bool { return !closed(name) }); at >= 0 {
		return names[at]
	}
	return ""
}

// noticeLines is how many troubles one notice says the reasons of.
const noticeLines = 10

func noticeOf(together []trouble, now time.Time) notifier.Item {
	notice := notifier.Notice{Title: together[0].title}
	if len(together) > 1 {
		notice.Title = fmt.Sprintf("billbot cannot post to %d channels", len(together))
	}
	waiting := 0
	for i, t := range together {
		if waiting += t.waiting; i < noticeLines {
			notice.Lines = append(notice.Lines, sentence(t.reason))
		}
	}
	if more := len(together) - noticeLines; more > 0 {
		notice.Lines = append(notice.Lines, fmt.Sprintf("… and %d more, which /healthz names.", more))
	}
	if waiting > 0 {
		notice.Lines = append(notice.Lines, waits(waiting)+"; nothing is lost.")
	}
	return notifier.Item{
		Key: fmt.Sprintf("notice-%s-%d", together[0].name, now.Unix()), CreatedAt: now, Content: notifier.Content{Notice: &notice},
	}
}

// sentence is a reason with a capital and a full stop, or as it ends with a
// question.
func sentence(reason string) string {
	first, size := utf8.DecodeRuneInString(reason)
	said := string(unicode.ToUpper(first)) + strings.TrimSuffix(reason[size:], ".")
	if strings.HasSuffix(said, "?") {
		return said
	}
	return said + "."
}

func waits(messages int) string {
	if messages == 1 {
		return "1 message waits"
	}
	return fmt.Sprintf("%d messages wait", messages)
}

// forget forgets what was told of and is surely over, so that it is told when it
// comes again. A workspace that could not be checked is not known to be mended.
func (eng *engine) forget(ctx context.Context, all []trouble, told []string) error {
	_, answered := eng.setup.known()
	for _, name := range told {
		over := answered
		switch {
		case name == troubleSocket:
			over = eng.socket == nil || eng.socket.Connected()
		case strings.HasPrefix(strings.TrimPrefix(name, mended), troubleRules): // and that it was mended
			over = true
		}
		if !over || slices.ContainsFunc(all, func(t trouble) bool { return t.name == name }) {
			continue
		}
		if err := eng.store.ForgetNotice(ctx, name); err != nil {
			return err
		}
	}
	return nil
}
