package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// sized is how much of something a test does: little, so that everybody runs it,
// or as much as the short or the long form of the score asks for.
func sized(little, short, long int) int {
	switch os.Getenv("BILLBOT_SCORE") {
	case "short":
		return short
	case "long":
		return long
	}
	return little
}

// manyRules gives an alert to each of so many channels, all at once.
func manyRules(channels int) string {
	var b strings.Builder
	b.WriteString("accounts:\n  - {name: production, id: d0a1a40004778704200000000000a9c2}\npoll: 1h\nslack: {channel: \"#cloud-spend\"}\nrules:\n")
	for i := range channels {
		fmt.Fprintf(&b, "  - {name: b%d, channel: \"#c%d\", budget: {amount: %d, actual: [100%%]}}\n", i, i, 25+i)
	}
	return b.String()
}

// TestKilledAnywhere kills the daemon with -9 again and again while it delivers,
// to a Slack that is slow to accept and loses every twentieth answer. The bill
// grows meanwhile, so that messages are edited too.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	t.Run("history", func(t *testing.T) { t.Parallel(); killAnywhere(t, true, 1, sized(15, 200, 1000)) })
	// Where nobody can look, what each of two mornings says may be repeated once.
	t.Run("no history", func(t *testing.T) { t.Parallel(); killAnywhere(t, false, 3, sized(15, 100, 300)) })
}

// killing is one run of TestKilledAnywhere or TestStoppedAnywhere, and what it
// counted.
type killing struct {
	kills, killed, lost, duplicates, inversions, damaged int

	end     func(*killing, *testing.T, *exec.Cmd, *processLog)
	slowest time.Duration // to stop
}

// kill gives a daemon no time for anything.
func (k *killing) kill(_ *testing.T, command *exec.Cmd, _ *processLog) {
	_ = command.Process.Signal(syscall.SIGKILL)
	_ = command.Wait()
}

func killAnywhere(t *testing.T, history bool, most, kills int) {
	k := &killing{kills: kills, end: (*killing).kill}
	for k.killed < k.kills {
		k.round(t, history, most)
	}
	t.Attr("score", fmt.Sprintf("1 kills=%d lost=%d duplicates=%d inversions=%d damaged=%d", k.killed, k.lost, k.duplicates, k.inversions, k.damaged))
	if k.lost+k.inversions+k.damaged > 0 || k.duplicates > k.killed {
		t.Errorf("after %d kills: %+v", k.killed, *k)
	}
}

// round kills until all alerts are in Slack, and compares them with what they
// have to be.
func (k *killing) round(t *testing.T, history bool, most int) {
	const alerts = 20
	o := newOutside(t)
	o.env = append(o.env, "SLACK_GRACE=600ms", "SLACK_TIMEOUT=300ms")
	if err := os.WriteFile(filepath.Join(o.dir, "rules.yaml"), []byte(manyRules(alerts)), 0o600); err != nil {
		t.Fatal(err)
	}
	o.slack.history(history)
	for i := range alerts {
		o.slack.AddChannel(fmt.Sprint("c", i))
	}
	day := fetcher.NewDay(2026, time.April, 4)
	o.poll(t, day-1)
	o.slack.ScriptFunc(slowAndLossy)
	for _, enough := range []int{alerts / 2, alerts} {
		o.cloud.SetNow(day.Time().Add(7 * time.Hour))
		k.killUntil(t, o, day, enough)
		<-time.After(time.Second) // what comes next is later: nothing may be on its way any more
		day++
	}
	o.slack.ScriptFunc(nil)
	for h := range 3 {
		o.pollAt(t, day.Time().Add(time.Duration(8+h)*time.Hour))
	}
	count := repeats(t, o.slack)
	k.lost += alerts - len(count)
	for key, n := range count {
		if k.duplicates += n - 1; n > most {
			t.Errorf("alert %s has %d messages, want at most %d", key, n, most)
		}
	}
	for _, m := range o.slack.posted("billbot_alert") {
		k.inversions += inversions(t, m.Key, o.slack.said(m))
	}
}

// killUntil starts daemons and kills them until so many alerts are in Slack.
func (k *killing) killUntil(t *testing.T, o *outside, day fetcher.Day, alerts int) {
	started := time.Now()
	for len(o.slack.keys()) < alerts && k.killed < k.kills {
		now := day.Time().Add(7*time.Hour + time.Since(started)) // as the grace is real time
		command, said := o.start(t, "run", "--listen", "127.0.0.1:0", "--now", now.Format(time.RFC3339Nano))
		<-time.After(time.Duration(100+rand.IntN(250)) * time.Millisecond)
		k.end(k, t, command, said)
		k.killed++
		check, log := o.start(t, "check-db")
		if err := check.Wait(); err != nil {
			k.damaged++
			t.Errorf("after a kill: %v: %s", err, log)
		}
	}
}

var shownAmount = regexp.MustCompile(`\$[0-9,.]*[0-9]`)

// inversions counts how often a message was edited to say less than before,
// while the bill grew.
func inversions(t *testing.T, key string, said []string) int {
	found, last := 0, decimal.Zero
	for _, text := range said {
		amount := dollars(strings.NewReplacer("$", "", ",", "").Replace(shownAmount.FindString(text)))
		if amount.LessThan(last) {
			found++
			t.Errorf("message %s went back: %q", key, said)
		}
		last = amount
	}
	return found
}

// slowAndLossy accepts posts up to 150 ms late and loses some answers.
func slowAndLossy(n int, method string) *slackfake.Fault {
	if !strings.HasPrefix(method, "chat.") {
		return nil
	}
	<-time.After(time.Duration(rand.IntN(60)) * time.Millisecond)
	if n%20 != 0 {
		return nil
	}
	return &slackfake.Fault{Drop: true, Accepted: true, Late: time.Duration(rand.IntN(150)) * time.Millisecond}
}
