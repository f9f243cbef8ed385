package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// digestOf is a digest as the outbox gives it.
func digestOf(key string, contents ...notifier.Content) notifier.Item {
	var entries []notifier.Entry
	for i, c := range contents {
		entries = append(entries, notifier.Entry{Key: fmt.Sprint(i), Content: c})
	}
	return notifier.Item{Key: key, Channel: "#cloud-spend", Content: notifier.Content{Digest: notifier.NewDigest(entries)}}
}

// manyAlerts are budgets and spikes of several accounts.
func manyAlerts(t testing.TB, n int, change func(int, *rules.Alert)) []notifier.Content {
	var all []notifier.Content
	for i := range n {
		a := budgetAlert(t)
		if i%3 > 0 {
			a = spikeAlert(t)
			a.Finding.Extra = dec(fmt.Sprint(40 + i))
		}
		a.ID, a.Finding.Subject.Account = fmt.Sprintf("k7q2m4%02d", i), fmt.Sprintf("client-%d", i%4)
		if change != nil {
			change(i, &a)
		}
		all = append(all, notifier.Content{Alert: &a, Mention: []string{"S0123ABCD"}})
	}
	return all
}

func over(a *rules.Alert) { a.State, a.Ended, a.Finding.Open = rules.Resolved, rules.EndedBack, false }

func digestItems(t testing.TB) map[string]notifier.Item {
	t.Helper()
	return map[string]notifier.Item{
		"digest": digestOf("digest-7", manyAlerts(t, 13, nil)...),
		"digest_part": digestOf("digest-7", manyAlerts(t, 7, func(i int, a *rules.Alert) {
			if i < 5 {
				over(a)
			}
			a.AcknowledgedBy = "ada"
		})...),
		"digest_over": digestOf("digest-7", manyAlerts(t, 6, func(_ int, a *rules.Alert) { over(a) })...),
		"digest_mixed": digestOf("digest-7", append(manyAlerts(t, 2, nil), storm(t, 3, nil).Content,
			notifier.Content{Welcome: welcome(t)}, notifier.Content{Closes: []report.Close{closed(t)}})...),
		"digest_welcomes": digestOf("digest-7", notifier.Content{Welcome: welcome(t)}, notifier.Content{Welcome: welcome(t)}),
	}
}

// The metadata names every alert, as long as Slack has room for it, and the count
// is of all.
func TestDigestNamesItsAlerts(t *testing.T) {
	for n, want := range map[int]int{13: 13, 240: 240, 500: 245} {
		payload := Render(digestOf("digest-7", manyAlerts(t, n, func(i int, a *rules.Alert) { a.ID = fmt.Sprintf("k7q2m%03d", i) })...)).Metadata.EventPayload
		ids := payload["alerts"].([]string)
		if len(ids) != want || payload["count"] != n || payload["key"] != "digest-7" {
			t.Errorf("%d alerts: %d are named, count %v, key %v", n, len(ids), payload["count"], payload["key"])
		}
		if !strings.HasPrefix(ids[0], "k7q2m") {
			t.Errorf("got the ID %q", ids[0])
		}
	}
}

// What a person did to one of a digest's alerts names it in the thread.
func TestDigestThreadNamesTheAlert(t *testing.T) {
	reply := deedItems(t)["deed_snoozed_reply"].InDigest("digest-7")
	if got := PlainText(Render(reply)); !strings.Contains(got, "Spike: D1") || !strings.Contains(got, "Snoozed") {
		t.Errorf("got %q, want it to name the alert", got)
	}
}
