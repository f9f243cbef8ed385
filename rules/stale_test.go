package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// at is a moment of September 2026: "04 16:30".
func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-09-"+s)
	if err != nil {
		panic(err)
	}
	return t
}

// polled is the state of an account's polling: the last trusted poll, and why
// the last one failed.
func polled(trusted, failure string) fetcher.PollState {
	p := fetcher.PollState{
		LastAttempt: at("30 00:00"), LastTrusted: at(trusted), Trust: fetcher.Trust{Verdict: fetcher.Trusted}, Failure: failure,
	}
	if failure != "" {
		p.Fault = fetcher.FaultToken
	}
	return p
}

// staleOf is what is true of an account's trust at a moment.
func staleOf(t *testing.T, written string, l fetcher.Ledger, p fetcher.PollState, now string) rules.Finding {
	t.Helper()
	findings := rulesOf(t, written).EvaluateTrust(rules.Watched{Account: production, Ledger: l, Bill: l.Bill(), Poll: p}, at(now))
	if len(findings) == 0 {
		t.Fatal("nothing said of the account's trust")
	}
	return findings[len(findings)-1]
}

func TestStale(t *testing.T) {
	steady := bill(line{service: "D1", from: "08-20", costs: "1x14"}) // through 2 September
	untrusted := polled("04 10:00", "")
	untrusted.Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "no rows"}
	never := polled("04 10:00", "403")
	never.LastTrusted, never.FailingSince = time.Time{}, at("04 10:00")
	nothingYet := polled("04 10:00", "")
	nothingYet.Trust.Verdict = fetcher.NoData
	for name, tt := range map[string]struct {
		rules  string
		ledger fetcher.Ledger
		poll   fetcher.PollState
		now    string
		want   rules.DarkCause
	}{
		"all is well":                      {"", steady, polled("04 10:00", ""), "04 10:00", ""},
		"one failed poll":                  {"", steady, polled("04 10:00", "403"), "04 11:00", ""},
		"just under six hours":             {"", steady, polled("04 10:00", "403"), "04 15:59", ""},
		"six hours":                        {"", steady, polled("04 10:00", "403"), "04 16:00", rules.DarkFailed},
		"untrusted answers":                {"", steady, untrusted, "04 16:00", rules.DarkUntrusted},
		"never read":                       {"", fetcher.Ledger{}, never, "04 16:00", rules.DarkFailed},
		"never read, not for long":         {"", fetcher.Ledger{}, never, "04 15:00", ""},
		"no rows yet":                      {"", fetcher.Ledger{}, nothingYet, "04 10:00", ""},
		"a new period without rows":        {"", steady, nothingYet, "04 10:00", ""},
		"just under 72 hours without rows": {"", steady, polled("05 23:59", ""), "05 23:59", ""},
		"72 hours without rows":            {"", steady, polled("06 00:00", ""), "06 00:00", rules.DarkQuiet},
		"no answer is worse":               {"", steady, polled("06 00:00", "403"), "07 00:00", rules.DarkFailed},
		"an account with gaps": {
			"", bill(line{service: "D1", from: "08-01", costs: "1x20 - 1x12"}), polled("09 00:00", ""), "09 00:00", "",
		},
		"a young account": {"", bill(line{service: "D1", from: "08-21", costs: "1x13"}), polled("09 00:00", ""), "09 00:00", ""},
		"several services make the days": {
			"", bill(line{service: "D1", from: "08-01", costs: "1x26"}, line{service: "KV", from: "08-27", costs: "0x7"}),
			polled("09 00:00", ""), "09 00:00", rules.DarkQuiet,
		},
		"a rule that waits longer":   {"- {name: s, stale: {after: 120h}}", steady, polled("07 23:00", ""), "07 23:00", ""},
		"and then speaks":            {"- {name: s, stale: {after: 120h}}", steady, polled("08 00:00", ""), "08 00:00", rules.DarkQuiet},
		"a rule for another account": {"- {name: s, accounts: [staging], stale: {after: 120h}}", steady, polled("06 00:00", ""), "06 00:00", rules.DarkQuiet},
		"the first rule counts": {
			"- {name: a, stale: {after: 120h}}\n- {name: b, stale: {after: 72h}}", steady, polled("06 00:00", ""), "06 00:00", "",
		},
	} {
		f := staleOf(t, tt.rules, tt.ledger, tt.poll, tt.now)
		var got rules.DarkCause
		if f.Open {
			got = f.Dark.Cause
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestPatience: three intervals, where that is longer than six hours.
func TestPatience(t *testing.T) {
	for poll, want := range map[time.Duration]time.Duration{time.Hour: 6 * time.Hour, 2 * time.Hour: 6 * time.Hour, 5 * time.Hour: 15 * time.Hour} {
		if got := (&rules.Rules{Poll: poll}).Patience(); got != want {
			t.Errorf("polling every %s: got %s, want %s", poll, got, want)
		}
	}
}

// TestRecordingsHaveNoPolls: a backtest knows of no polls, and judges none.
func TestRecordingsHaveNoPolls(t *testing.T) {
	w := rules.Watched{Account: production, Ledger: bill(line{service: "D1", from: "08-01", costs: "1x20"})}
	if got := rulesOf(t, "").EvaluateTrust(w, at("30 00:00")); got != nil {
		t.Errorf("got %+v", got)
	}
}

// dark looks at an account's trust at a moment, twice.
func (l *life) dark(ledger fetcher.Ledger, p fetcher.PollState, now string) {
	l.t.Helper()
	w := rules.Watched{Account: production, Ledger: ledger, Bill: ledger.Bill(), Poll: p}
	l.advance(l.rules.EvaluateTrust(w, at(now)), at(now))
	before := len(l.said)
	l.advance(l.rules.EvaluateTrust(w, at(now).Add(time.Second)), at(now).Add(time.Second))
	if len(l.said) > before {
		l.t.Errorf("looked twice, said twice: %q", l.said[before-1:])
	}
}

// told compares all that was said since it was asked last: day and event.
func (l *life) told(want ...string) {
	l.t.Helper()
	got := []string{}
	for _, s := range l.said {
		got = append(got, strings.Join(strings.Fields(s)[:2], " "))
	}
	l.said = nil
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		l.t.Errorf("told (-want +got):\n%s", diff)
	}
}

// TestStaleLife: one alert however often the polls fail, edited when the reason
// changes, over at the first trusted poll, and back when it happens again.
func TestStaleLife(t *testing.T) {
	steady := bill(line{service: "D1", from: "08-20", costs: "1x14"})
	l := newLife(t, "")
	p := polled("04 01:00", "403 at 02:00")
	for _, hour := range []string{"02", "03", "06"} {
		l.dark(steady, p, "04 "+hour+":00")
	}
	l.told()
	l.dark(steady, p, "04 07:00")
	p.Failure = "403 at 08:00"
	l.dark(steady, p, "04 08:00")
	p.Failure, p.Fault = "no such host", fetcher.FaultNetwork
	l.dark(steady, p, "04 09:00")
	if a := l.alerts[0]; a.State != rules.Unknown || !a.On() {
		t.Errorf("state: got %s, want unknown", a.State)
	}
	l.dark(steady, polled("04 10:00", ""), "04 10:00")
	l.dark(steady, polled("04 10:00", "403"), "04 15:00")
	l.dark(steady, polled("04 10:00", "403"), "04 17:00")
	l.told("09-04 fired", "09-04 updated", "09-04 resolved",
		"09-04 escalated")
	if len(l.alerts) != 1 || l.alerts[0].State != rules.Unknown {
		t.Errorf("got %d alerts, the first %s, want one, unknown again", len(l.alerts), l.alerts[0].State)
	}
}

// TestQuietThenBack: a late charge day ends it, a failed poll does not.
func TestQuietThenBack(t *testing.T) {
	l := newLife(t, "")
	steady := bill(line{service: "D1", from: "08-20", costs: "1x14"})
	l.dark(steady, polled("06 00:00", ""), "06 00:00")
	l.dark(bill(line{service: "D1", from: "08-20", costs: "1x17"}), polled("06 00:00", "403"), "06 03:00")
	l.told("09-06 fired")
	l.dark(bill(line{service: "D1", from: "08-20", costs: "1x17"}), polled("06 04:00", ""), "06 04:00")
	l.told("09-06 resolved")
}

// TestStaleRuleRenamed: the alert that is on goes on under the new rule.
func TestStaleRuleRenamed(t *testing.T) {
	l := newLife(t, "")
	steady := bill(line{service: "D1", from: "08-20", costs: "1x14"})
	l.dark(steady, polled("04 01:00", "403"), "04 07:00")
	l.rules = rulesOf(t, "- {name: silence, stale: }")
	l.dark(steady, polled("04 01:00", "403"), "04 08:00")
	l.dark(steady, polled("04 09:00", ""), "04 09:00")
	l.told("09-04 fired", "09-04 resolved")
}

// TestMismatch: what disagrees is one alert of an account and billing period.
func TestMismatch(t *testing.T) {
	l := newLife(t, "")
	off := func(through string, told ...string) fetcher.Ledger {
		ledger := bill(line{service: "D1", from: "09-01", costs: "1x4"}, line{service: "KV", from: "09-01", costs: "1x4"})
		ledger = upTo(ledger, day(through))
		for i, c := range ledger.Charges {
			if c.ChargePeriodStart == day(through) && len(told) > 0 {
				ledger.Charges[i].CumulatedContractedCost = fetcher.NumberOf(dec(told[0]))
				told = told[1:]
			}
		}
		return ledger
	}
	l.dark(off("09-01", "1.009", "1"), polled("02 07:00", ""), "02 07:00") // not worth a word
	l.told()
	l.dark(off("09-01", "1.01", "1"), polled("02 08:00", ""), "02 08:00")
	l.dark(off("09-02", "3", "2"), polled("03 07:00", ""), "03 07:00")
	l.dark(off("09-02", "3", "3"), polled("03 08:00", ""), "03 08:00")
	l.told("09-02 fired", "09-03 updated", "09-03 updated")
	got := l.alerts[0].Finding.Mismatch.Sums
	want := []fetcher.Disagreement{
		{BillingPeriodStart: day("09-01"), Service: "D1", Currency: "USD", Charges: dec("2"), Told: dec("3")},
		{BillingPeriodStart: day("09-01"), Service: "KV", Currency: "USD", Charges: dec("2"), Told: dec("3")},
	}
	if diff := cmp.Diff(want, got); diff != "" || l.alerts[0].State != rules.Unknown {
		t.Errorf("state %s, sums (-want +got):\n%s", l.alerts[0].State, diff)
	}
	l.dark(off("09-03", "3", "3"), polled("04 07:00", ""), "04 07:00") // they agree: to be seen on two charge days
	l.told()
	l.dark(off("09-04", "4", "4"), polled("05 07:00", ""), "05 07:00")
	l.told("09-05 resolved")
}

// TestPeriodOffItsAnchors: charges of a period that starts when Cloudflare says
// that no subscription does. Short months clamp, and a day is no difference.
func TestPeriodOffItsAnchors(t *testing.T) {
	for name, tt := range map[string]struct {
		anchor  int
		anchors []fetcher.Day
		want    bool
	}{
		"nothing told":    {12, nil, false},
		"fits":            {12, []fetcher.Day{day("2025-03-12")}, false},
		"one of two":      {12, []fetcher.Day{day("2025-03-01"), day("2026-03-12")}, false},
		"a day off":       {12, []fetcher.Day{day("2025-03-11")}, false},
		"clamped":         {30, []fetcher.Day{day("2025-03-31")}, false},
		"a day and month": {1, []fetcher.Day{day("2025-03-31")}, false},
		"on another day":  {12, []fetcher.Day{day("2025-03-20")}, true},
	} {
		l := newLife(t, "")
		ledger := bill(line{service: "D1", from: "09-14", costs: "1x3", anchor: tt.anchor})
		ledger.Terms.Anchors = tt.anchors
		l.dark(ledger, polled("17 07:00", ""), "17 07:00")
		if got := len(l.alerts) == 1; got != tt.want {
			t.Errorf("%s: told is %t, want %t", name, got, tt.want)
		}
	}
}

// TestGoneColumnIsNewsOnce: within its billing period, and not for ever.
func TestGoneColumnIsNewsOnce(t *testing.T) {
	l := newLife(t, "")
	ledger := bill(line{service: "D1", from: "09-01", costs: "1x20"})
	ledger.Terms.Gone = []fetcher.GoneColumn{{Name: "ZoneId", Since: day("09-20")}}
	l.dark(ledger, polled("20 07:00", ""), "20 07:00")
	l.dark(ledger, polled("22 07:00", ""), "22 07:00")
	l.told("09-20 fired")
	ledger = bill(line{service: "D1", from: "09-01", costs: "1x32"})
	ledger.Terms.Gone = []fetcher.GoneColumn{{Name: "ZoneId", Since: day("09-20")}}
	october := day("10-03").Time().Add(7 * time.Hour)
	w := rules.Watched{Account: production, Ledger: ledger, Bill: ledger.Bill(), Poll: polled("30 00:00", "")}
	l.advance(l.rules.EvaluateTrust(w, october), october)
	l.told("10-03 period_ended")
}

// TestStaleFiles: what keeps news of an account from coming that is read from
// files is no fault of Cloudflare's.
func TestStaleFiles(t *testing.T) {
	ledger := bill(line{service: "D1", from: "08-20", costs: "1x14"}) // through 2 September
	for now, poll := range map[string]fetcher.PollState{"06 00:00": polled("06 00:00", ""), "04 16:00": polled("04 10:00", "no such file")} {
		for _, focus := range []string{"", "exports"} {
			account := production
			account.Focus = focus
			w := rules.Watched{Account: account, Ledger: ledger, Bill: ledger.Bill(), Poll: poll}
			for _, f := range rulesOf(t, "").EvaluateTrust(w, at(now)) {
				if f.Dark != nil && f.Dark.Files != (focus != "") {
					t.Errorf("focus %q, %s: %+v", focus, now, f.Dark)
				}
			}
		}
	}
}
