package main

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// stored looks at what the database has of the accounts.
func (d *doctor) stored(ctx context.Context, accounts []rules.Account) {
	if _, err := os.Stat(d.env.dbFile); errors.Is(err, fs.ErrNotExist) {
		return // which is told already
	}
	database := d.on("schema")
	err := d.env.withStore(func(s *store.Store) error {
		database.ok("%d, which this billbot knows", store.SchemaNumber())
		if err := s.Intact(); err != nil {
			d.on("database").fail("stop billbot and put the file back", "%s", err)
		}
		for _, account := range accounts {
			d.storedAccount(ctx, s, account)
		}
		d.strangers(ctx, s)
		d.outbox(ctx, s)
		return nil
	})
	switch {
	case errors.Is(err, store.ErrLocked): // of which [doctor.holder] says more
		database.warn("ask again when it is free", "not looked into: %s", err)
	case err != nil:
		database.fail(string(mend), "%s", d.env.unread(err))
	}
}

// mend is what to do about a database that cannot be read.
const mend ours = `see docs/operations.md, "When the database is broken"`

// storedAccount looks at what the database has of one account.
func (d *doctor) storedAccount(ctx context.Context, s *store.Store, account rules.Account) {
	w, alerts, err := watchedIn(ctx, s, d.rules, account, d.now)
	if err != nil {
		d.of(account.Name, "data").fail(string(mend), "%s", err)
		return
	}
	d.polled(account, w.Poll)
	if w.Poll.LastAttempt.IsZero() {
		return
	}
	d.data(ctx, s, account)
	d.periods(account, w.Ledger)
	d.truth(account, d.rules.EvaluateTrust(w, d.now))
	if n := len(slices.DeleteFunc(alerts, func(a rules.Alert) bool { return !a.On() })); n > 0 {
		d.of(account.Name, "alerts").ok("%d open", n)
	}
}

// polled looks how polling goes.
func (d *doctor) polled(account rules.Account, poll fetcher.PollState) {
	t := d.of(account.Name, "polls")
	last := "never"
	if !poll.LastTrusted.IsZero() {
		last = ago(d.now.Sub(poll.LastTrusted))
	}
	switch {
	case poll.LastAttempt.IsZero():
		t.warn(`"billbot poll" polls once, "billbot run" goes on`, "none yet")
	case poll.Failure != "":
		t.fail("mend that: the next poll goes on by itself", "the last one brought no answer: %s; trusted answer: %s", poll.Failure, ours(last))
	case poll.Trust.Verdict == fetcher.Untrusted:
		t.warn("wait for the next answers: nothing ends on one that is not trusted", "the last answer is not trusted: %s; trusted answer: %s", poll.Trust.Reason, ours(last))
	case poll.LastTrusted.IsZero():
		t.ok("no rows yet: %s", poll.Trust.Reason)
	case d.now.Sub(poll.LastTrusted) >= d.rules.Patience():
		t.fail(`see that "billbot run" is running`, "no trusted answer for too long: %s", ours(last))
	default:
		t.ok("trusted answer: %s", ours(last))
	}
}

// data counts what is kept of an account.
func (d *doctor) data(ctx context.Context, s *store.Store, account rules.Account) {
	t := d.of(account.Name, "data")
	view, err := s.Bill(ctx, ref(account), 0)
	if err != nil {
		t.fail(string(mend), "%s", err)
		return
	}
	revisions, err := s.Revisions(ctx, account.ID, 0, math.MaxInt32)
	if err != nil {
		t.fail(string(mend), "%s", err)
		return
	}
	rows := 0
	for _, line := range view.Bill.Lines {
		rows += line.Costs.Len()
		d.hide.hide("zone", line.ZoneName)
		d.hide.hide("zone", line.ZoneID)
	}
	if rows == 0 {
		t.warn("rows come one to two days after the first use", "no rows yet")
		return
	}
	t.ok("%s from %s to %s, %s", ours(count(rows, "row")), ours(view.Bill.First().String()), ours(view.Bill.Through().String()), ours(count(len(revisions), "revision")))
}

// periods names the billing periods and what they are known by.
func (d *doctor) periods(account rules.Account, l fetcher.Ledger) {
	starts := l.PeriodStarts()
	if len(starts) == 0 {
		return
	}
	var open []string
	for _, p := range l.OpenPeriods(fetcher.DayOf(d.now)) {
		end := p.End.String()
		if p.EndEstimated {
			end = "about " + end
		}
		open = append(open, p.Start.String()+" to "+end)
	}
	t := d.of(account.Name, "periods")
	text := "none"
	if len(open) > 0 {
		text = strings.Join(open, ", ")
	}
	t.ok("%d since %s; open: %s", len(starts), ours(starts[0].String()), ours(text))
}

// truth tells where what Cloudflare says contradicts itself.
func (d *doctor) truth(account rules.Account, findings []rules.Finding) {
	t, agrees := d.of(account.Name, "sums"), true
	for _, f := range findings {
		if f.Kind != rules.KindMismatch || !f.Open || f.Mismatch == nil {
			continue
		}
		agrees = false
		var services []string
		for _, sum := range f.Mismatch.Sums {
			services = append(services, report.Name(sum.Service, 60))
		}
		do := "compare with the dashboard; Cloudflare's own sum differs from its rows"
		if len(services) > 0 {
			t.warn(do, "the rows of %s do not add up to Cloudflare's own sum: %s", ours(count(len(services), "service")), strings.Join(services, ", "))
		}
		if len(f.Mismatch.Columns) > 0 {
			t.warn("please report it: the API changed", "columns disappeared: %s", ours(strings.Join(f.Mismatch.Columns, ", ")))
		}
		if start := f.Mismatch.Start; !start.IsZero() {
			t.warn("compare with the invoice", "the billing period from %s starts on no subscription's day", ours(start.String()))
		}
	}
	if agrees {
		t.ok("the rows add up to Cloudflare's own")
	}
}

// strangers names the rules that choose nothing on the bill.
func (d *doctor) strangers(ctx context.Context, s *store.Store) {
	if d.rules == nil {
		return
	}
	k := known{rules: d.rules, reach: d.rules.NewReach(), now: d.now, passed: map[string][]rules.Finding{}}
	if err := k.look(ctx, s); err != nil {
		return // it cannot be read, which is told of the account
	}
	problems := k.strangers()
	for _, p := range problems {
		d.on("unmatched").warn(`"billbot check" says which names are near`, "rule %s in line %d chooses nothing on the bill", p.Rule, p.Line)
	}
	if len(problems) == 0 && len(k.watched) > 0 {
		d.on("unmatched").ok("every rule chooses something on the bill")
	}
}

// outbox counts the messages that are not delivered.
func (d *doctor) outbox(ctx context.Context, s *store.Store) {
	items, err := s.Undelivered(ctx)
	t, dead, late := d.on("outbox"), 0, 0
	for _, item := range items {
		switch {
		case item.State == notifier.Dead:
			dead++
		case d.now.Sub(item.CreatedAt) > undeliveredFor:
			late++
		}
	}
	switch {
	case err != nil:
		t.fail(`"billbot outbox" says which`, "%s", err)
	case dead+late > 0:
		t.warn(`"billbot outbox" says why`, "%s given up, %s for more than an hour, of %d", ours(count(dead, "message")), ours(count(late, "message")), len(items))
	default:
		t.ok("%s", ours(count(len(items), "message")+" waiting"))
	}
}

// ago is how long ago something was.
func ago(since time.Duration) string {
	switch {
	case since < 2*time.Minute:
		return "just now"
	case since < 2*time.Hour:
		return count(int(since.Minutes()), "minute") + " ago"
	case since < 48*time.Hour:
		return count(int(since.Hours()), "hour") + " ago"
	}
	return count(int(since.Hours()/24), "day") + " ago"
}
