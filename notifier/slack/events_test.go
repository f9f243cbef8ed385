package slack

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack/slackevents"
)

// An event is handled once, over sockets as over HTTP, however often Slack sends
// it.
func TestEventsComeOverSocketsAndHTTP(t *testing.T) {
	var opens []string
	counting := func(_ *socketSlack, c *CommandsConfig) {
		c.Event = func(_ context.Context, event slackevents.EventsAPIEvent) {
			opens = append(opens, event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent).User)
		}
	}
	socketTest(t, counting, func(t *testing.T, s *socketSlack, socket *Socket) {
		a, b := s.accept(), s.accept()
		for i, p := range []*peer{a, b, a} { // the same event, in envelopes of its own
			p.send(t, `{"envelope_id":"e%d","type":"events_api","retry_attempt":%d,"payload":%s}`, i, i, opened("U012AB3CD", "home"))
			p.acked(t, fmt.Sprint("e", i))
		}
		for range 2 {
			body := opened("U012AB3CD", "home")
			if w := postEvent(socket.config.Commands, body, sign(testSecret, body, time.Now())); w.Code != 200 || w.Body.Len() > 0 {
				t.Errorf("got %d %q over HTTP", w.Code, w.Body)
			}
			time.Sleep(time.Second)
		}
		a.send(t, `{"envelope_id":"e4","type":"events_api","payload":%s}`, opened("U2", "home"))
		a.acked(t, "e4")
		synctest.Wait()
		if got := fmt.Sprint(opens); got != "[U012AB3CD U2]" {
			t.Errorf("App Home was opened by %s, want each once", got)
		}
	})
}

// Too many events at once are left, and not remembered: what was left may come
// again.
func TestTooManyEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var handled atomic.Int32
		c := newCommands(t, func(c *CommandsConfig) {
			c.Event = func(ctx context.Context, _ slackevents.EventsAPIEvent) {
				handled.Add(1)
				sleep(ctx, time.Hour)
			}
		})
		event := func(id string) slackevents.EventsAPIEvent {
			return slackevents.EventsAPIEvent{Data: &slackevents.EventsAPICallbackEvent{EventID: id}}
		}
		for i := range eventsAtOnce + 5 {
			c.notice(event(fmt.Sprint(i)))
		}
		synctest.Wait()
		if got := handled.Load(); got != eventsAtOnce {
			t.Errorf("%d events at once, want %d", got, eventsAtOnce)
		}
		began := time.Now()
		c.work.Wait()
		if took := time.Since(began); took > eventWithin {
			t.Errorf("an event took %v, want %v at most", took, eventWithin)
		}
		c.notice(event(fmt.Sprint(eventsAtOnce)))
		c.work.Wait()
		if handled.Load() != eventsAtOnce+1 {
			t.Error("an event that was left cannot come again")
		}
	})
}

// What a press changes is kept before Slack hears that the press arrived; only
// what takes long goes on behind that.
func TestSocketAcknowledgesPressesThatAreKept(t *testing.T) {
	for taking, want := range map[time.Duration]time.Duration{time.Second: time.Second, 10 * time.Second: answerWithin} {
		o := &oneAlert{alert: spikeAlert(t), taking: taking}
		i := newInteractions(t, o)
		pressing := func(_ *socketSlack, c *CommandsConfig) { c.Interactor = i }
		socketTest(t, pressing, func(t *testing.T, s *socketSlack, _ *Socket) {
			a := s.accept()
			began := time.Now()
			a.send(t, `{"envelope_id":"p1","type":"interactive","payload":{"type":"block_actions","user":{"id":"U012AB3CD"},"channel":{"id":"C0CLOUD"},`+
				`"trigger_id":"t1","actions":[{"type":"button","block_id":"alert","action_id":%q,"value":%q}]}}`, actionAcknowledge, o.alert.ID)
			a.command(t, "c1", "") // what is asked meanwhile does not wait
			a.acked(t, "c1")
			if took := time.Since(began); took > 0 {
				t.Errorf("a question waited %v for a press", took)
			}
			a.acked(t, "p1")
			if took := time.Since(began); took != want || (o.now().AcknowledgedBy != "") != (taking < answerWithin) {
				t.Errorf("acknowledged after %v, want %v, with the alert acknowledged by %q", took, want, o.now().AcknowledgedBy)
			}
			i.Wait()
			if o.now().AcknowledgedBy != "U012AB3CD" {
				t.Error("the press was lost")
			}
		})
	}
}

// Whoever opens App Home is not remembered for ever.
func TestPaceForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inBubble(t, nil)
		for i := range 3 * maxPaced {
			if err := c.pace.wait(t.Context(), address{channel: fmt.Sprint("home of U", i)}); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(c.pace.limiters); n > maxPaced {
			t.Errorf("%d are kept, want %d at most", n, maxPaced)
		}
	})
}
