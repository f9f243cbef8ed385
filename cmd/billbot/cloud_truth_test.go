package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// truth is what billbot says of an account: its alerts, what stands in Slack,
// and what it owes.
type truth struct {
	Alerts   []string
	Messages []string
	Owed     string
}

func (w *world) truth(t *testing.T, eng *engine) truth {
	t.Helper()
	alerts, err := eng.store.Alerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var told truth
	for _, a := range alerts {
		told.Alerts = append(told.Alerts, fmt.Sprint(a.Alert.ID, " ", a.Alert.State, " ", a.Alert.Finding.Amount))
	}
	for _, m := range w.slack.posted("") {
		told.Messages = append(told.Messages, fmt.Sprint(m.Key, " ", m.Edits, " ", m.Text))
	}
	var owed fetcher.Sum
	bill := w.known(t, eng).Bill
	for _, line := range bill.Lines {
		line.Cost(&owed, 0, bill.Through())
	}
	told.Owed = owed.Decimal().String()
	return told
}

// known is what is kept of the account.
func (w *world) known(t *testing.T, eng *engine) store.View {
	t.Helper()
	view, err := eng.store.Load(t.Context(), fetcher.Account{ID: testAccount, Name: "production"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// withoutSummaries is loopRules without what is said each day in any case.
var withoutSummaries = strings.Replace(loopRules, `summaries: [{every: day, at: "09:00"}]`, "", 1)

// TestFaultsChangeNothing has Cloudflare answer wrongly in every way there is,
// while alerts are open and while none is, a good answer after each. Nothing
// resolves, nothing fires, nothing is owed no more, and each is known for what
// it is.
func TestFaultsChangeNothing(t *testing.T) {
	t.Parallel()
	for name, days := range map[string]int{"quiet": 20, "firing": 38} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { faultsChangeNothing(t, days, name == "firing") })
		})
	}
}

func faultsChangeNothing(t *testing.T, days int, firing bool) {
	w := newWorld(t, withoutSummaries, twoMonths())
	eng := w.open(t)
	defer eng.store.Close()
	w.live(t, eng, days)
	before := w.truth(t, eng)
	if firing != strings.Contains(fmt.Sprint(before.Alerts), string(rules.Firing)) || before.Owed == "0" {
		t.Fatalf("the account is %+v", before)
	}
	changed, misjudged, answers := 0, 0, cloudFaults()
	for _, f := range answers {
		w.ask(t, eng, &f.fault)
		if class := w.class(t, eng); class != string(f.class) {
			misjudged++
			t.Errorf("%s: taken for %q, want %q", f.name, class, f.class)
		}
		during := w.truth(t, eng)
		w.ask(t, eng, nil)
		if diff := cmp.Diff([]truth{before, before}, []truth{during, w.truth(t, eng)}); diff != "" {
			changed++
			t.Errorf("%s (-before +during, and after):\n%s", f.name, diff)
		}
	}
	t.Attr("score", fmt.Sprintf("6 answers=%d changed=%d misjudged=%d", len(answers), changed, misjudged))
}

// ask polls and delivers once, a while later, with Cloudflare's day as it was.
func (w *world) ask(t *testing.T, eng *engine, f *cloudflaretest.Fault) {
	t.Helper()
	time.Sleep(max(5*time.Minute, time.Until(w.known(t, eng).Poll.NotBefore)))
	w.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { return f })
	defer w.cloud.ScriptFunc(nil)
	if err := eng.sweep(context.Background(), time.Now()); (err == nil) != (f == nil) {
		t.Errorf("a poll of %+v: %v", f, err)
	}
	if err := eng.deliver(context.Background(), time.Now()); err != nil {
		t.Errorf("delivering: %v", err)
	}
}

// class is what the last poll was taken for; "" for an answer that is not
// believed.
func (w *world) class(t *testing.T, eng *engine) string {
	t.Helper()
	switch poll := w.known(t, eng).Poll; {
	case poll.Failure != "":
		return string(poll.Fault)
	case poll.Trust.Verdict == fetcher.Untrusted:
		return ""
	default:
		return "good"
	}
}
