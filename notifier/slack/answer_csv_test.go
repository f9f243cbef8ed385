package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// csvOf is a CSV of so many rows, as long as such rows are.
func csvOf(rows int) string {
	text := "account,service,currency,period_start,data_through,cost\n"
	for i := range rows {
		text += fmt.Sprintf("account-%d,\"Durable Objects <Storage> & Rows Read, in `%d`\",USD,2026-04-01,2026-04-03,%d.25\n", i/30, i, rows-i)
	}
	return text
}

// copied is what a person has who copies the rows out of messages.
func copied(m Message) string {
	text := ""
	for _, part := range append([]Message{m}, m.More...) {
		for _, b := range part.Blocks {
			if s, is := b.(*slack.SectionBlock); is && strings.HasPrefix(s.Text.Text, "```\n") {
				text += strings.TrimSuffix(strings.TrimPrefix(s.Text.Text, "```\n"), "```")
			}
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", string(backtick), "`").Replace(text)
}

var leftOver = regexp.MustCompile(`… and (\d+) more rows, which Slack takes no more answers for: billbot export prints all\.`)

// However many rows, they come whole and in order, in as many answers as Slack
// takes; what does not fit is counted, and said to be elsewhere.
func TestCSVInSeveralAnswers(t *testing.T) {
	for rows, parts := range map[int]int{0: 1, 1: 1, 80: 1, 170: 2, 340: 4, 5000: 4} {
		text := csvOf(rows)
		m := renderCSV(text, rows)
		all := append([]Message{m}, m.More...)
		if len(all) != parts {
			t.Errorf("%d rows in %d messages, want %d", rows, len(all), parts)
		}
		said := ""
		for _, part := range all {
			checkLimits(t, part)
			said += PlainText(part)
		}
		got := copied(m)
		left := 0
		if found := leftOver.FindStringSubmatch(said); found != nil {
			fmt.Sscan(found[1], &left)
		}
		if !strings.HasPrefix(text, got) || strings.Count(got, "\n")+left != rows+1 || (left > 0) != (rows == 5000) {
			t.Errorf("%d rows: %d lines can be copied and %d are left, of\n%.300s", rows, strings.Count(got, "\n"), left, said)
		}
	}
}

// The answers come one after the other, over sockets as over HTTP; there is no
// button to share what is several.
func TestCSVOverSocketsAndHTTP(t *testing.T) {
	much := func(_ *socketSlack, c *CommandsConfig) {
		c.Answers = knowing(func(context.Context, Query) (report.Answer, error) {
			return report.Answer{CSV: csvOf(170), Rows: 170}, nil
		})
	}
	socketTest(t, much, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		a.command(t, "e1", "export")
		a.acked(t, "e1")
		over := []string{s.answer(t), s.answer(t)}
		_, body := s.Command("U012AB3CD", "#cloud-spend", "/spend", "export").Body()
		w := post(socket.config.Commands, "POST", "/", body, sign(testSecret, body, time.Now()))
		http := []string{w.Body.String(), s.answer(t)}
		synctest.Wait()
		for _, answers := range [][]string{over, http} {
			for i, answer := range answers {
				var read response
				if err := json.Unmarshal([]byte(answer), &struct {
					Type *string `json:"response_type"`
					Text *string `json:"text"`
				}{&read.ResponseType, &read.Text}); err != nil {
					t.Fatal(err)
				}
				want := fmt.Sprintf("The billing period as CSV, 170 rows, part %d of 2", i+1)
				if read.ResponseType != "ephemeral" || read.Text != want || strings.Contains(answer, ShareAction) {
					t.Errorf("got %.300s, want %q, private and without a button", answer, want)
				}
			}
		}
		if n := s.answered(); n != 3 {
			t.Errorf("%d answers were sent, want three, beside that to the request", n)
		}
	})
}
