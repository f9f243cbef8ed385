package slack

import (
	"context"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"
)

// account is what is drawn of an account, whatever is said of it: how things are
// called, how many there are, and what they cost.
type account struct {
	name string
	many int
	cost decimal.Decimal
}

func anAccount(t *rapid.T) account {
	name := rapid.SampledFrom(hostileNames).Draw(t, "name")
	if long := rapid.SampledFrom([]int{0, 0, 20, 150, 3000}).Draw(t, "long"); name != "" {
		name = strings.Repeat(name, 1+long/len(name))
	}
	return account{
		name: name, many: rapid.SampledFrom([]int{1, 1, 2, 3, 10, 21, 130}).Draw(t, "many"),
		cost: decimal.New(rapid.Int64().Draw(t, "digits"), rapid.Int32Range(-40, 40).Draw(t, "exponent")),
	}
}

// fill gives every name in a value that of the account, every number its cost,
// and every list as many entries as it has things.
func (a account) fill(v reflect.Value, field string) {
	if d, is := v.Addr().Interface().(*decimal.Decimal); is {
		*d = a.cost
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			a.fill(v.Elem(), field)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				a.fill(v.Field(i), f.Name)
			}
		}
	case reflect.Slice:
		a.fillList(v, field)
	case reflect.String:
		if nameFields.MatchString(field) {
			v.SetString(a.name)
		}
	}
}

// fillList makes a list long; those within it less so.
func (a account) fillList(v reflect.Value, field string) {
	inner := a
	inner.many = min(a.many, 10)
	for i := range v.Len() {
		inner.fill(v.Index(i), field)
	}
	for n := v.Len(); n > 0 && v.Len() < a.many; {
		v.Set(reflect.Append(v, v.Index(v.Len()%n)))
	}
}

func filled[V any](a account, value V) V {
	a.fill(reflect.ValueOf(&value).Elem(), "")
	return value
}

// TestAccountsOfAnySize says everything there is to say of accounts of any size,
// cost and name. Nothing breaks a limit of Slack's, so nothing is cut when it is
// sent.
func TestAccountsOfAnySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := anAccount(rt)
		items := contents(t)
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(items))).Draw(rt, "kind")
		item := items[kind]
		item.Content = filled(a, item.Content)
		item.Repeat = rapid.IntRange(0, 1).Draw(rt, "repeat")
		checkSent(rt, Render(item))
	})
}

func TestAnswersOfAnySize(t *testing.T) {
	questions := []string{"", "today", "week", "by service", "by zone month", "by account", "Durable-Objects", "producton", "production", "top",
		"budgets", "alerts", "forecast", "why runaway", "why nothing", "export", "help", "mnoth", "snooze k3v7qd2a soon"}
	rapid.Check(t, func(rt *rapid.T) {
		a := anAccount(rt)
		q := ParseQuery(rapid.SampledFrom(append(questions, a.name, "why "+a.name)).Draw(rt, "question"))
		c := &Commands{config: CommandsConfig{Log: slog.New(slog.DiscardHandler), Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) {
			known := filled(a, answerOf(t, q))
			known.CSV = strings.Repeat(known.CSV, a.many)
			return known, nil
		})}}
		m, known := c.to(t.Context(), q, Person{User: "U012AB3CD"})
		checkSent(rt, m)
		if below := rapid.SampledFrom([]slack.Block{shareButton(q), sharedBy("U012AB3CD", q)}).Draw(rt, "below"); known {
			m.Blocks = append(m.Blocks, below)
			checkSent(rt, m)
		}
	})
}

func TestHomeOfAnySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		blocks := RenderHome(filled(anAccount(rt), homeOf(t)), homeButtons)
		if broken := blockkit.CheckHome(slack.HomeTabViewRequest{Blocks: slack.Blocks{BlockSet: blocks}}); len(broken) > 0 {
			rt.Error(blockkit.Told(broken))
		}
		checkSent(rt, Message{Text: "home", Blocks: blocks})
	})
}

func TestFormsOfAnySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		alerts := filled(anAccount(rt), storm(t, 3, nil)).Content.Storm
		form := expectView(formOrigin{Key: "k7q2m4xa", Channel: "C0CLOUD", ChannelName: "cloud-spend"}, alerts, pressedAt)
		if broken := blockkit.CheckModal(form); len(broken) > 0 {
			rt.Error(blockkit.Told(broken))
		}
	})
}

// checkSent wants a message to keep the limits, and every simpler form of it when
// it is sent: a table takes more room as lines.
func checkSent(t rapid.TB, m Message) {
	t.Helper()
	checkLimits(t, m)
	for _, simpler := range simplerForms(m) {
		checkLimits(t, simpler.fitting(slog.New(slog.DiscardHandler)))
	}
}

// Answers of so many accounts that not all have room leave some for what comes
// below them.
func TestManyAccountsLeaveRoomToShare(t *testing.T) {
	many := slices.Repeat(spends(t), 200)
	for _, text := range []string{"", "forecast", "top"} {
		q := ParseQuery(text)
		m := render(q, report.Answer{Spends: many})
		m.Blocks = append(m.Blocks, shareButton(q))
		checkLimits(t, m)
	}
}

func TestLongTablesSayWhatIsLeftOut(t *testing.T) {
	rows := slices.Repeat([][]string{{"name", "$1"}}, maxRows)
	if got := tableTexts(tableBlock(rows).(*slack.TableBlock)); !slices.EqualFunc(got, rows, slices.Equal) {
		t.Errorf("got %q, want all of them", got)
	}
	got := tableTexts(tableBlock(append(rows, rows...)).(*slack.TableBlock))
	if last := got[len(got)-1]; len(got) != maxRows || !slices.Equal(last, []string{"… and 31 more", "…"}) {
		t.Errorf("got %d rows that end with %q", len(got), last)
	}
}
