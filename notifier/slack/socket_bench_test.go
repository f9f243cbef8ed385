package slack

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules/report"
)

// BenchmarkAcknowledge measures, over real sockets on loopback, how long Slack
// waits for an acknowledgement while answers are worked out.
func BenchmarkAcknowledge(b *testing.B) {
	s := newSocketSlack()
	defer s.Listen()()
	commands, err := NewCommands(CommandsConfig{APIURL: s.URL + "/api",
		Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(b, q), nil })})
	if err != nil {
		b.Fatal(err)
	}
	socket, err := NewSocket(SocketConfig{AppToken: secret.New(testAppToken), APIURL: s.URL + "/api", Commands: commands})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { defer close(ran); socket.Run(ctx) }()
	p := s.accept()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		frame := slackfake.Envelope(fmt.Sprint("e", i), s.Command("U012AB3CD", "#cloud-spend", "/spend", "by service"), 0)
		began := time.Now()
		if err := p.Send(frame); err != nil {
			b.Fatal(err)
		}
		<-p.Acks()
		took = append(took, time.Since(began))
	}
	cancel()
	<-ran
	commands.Shutdown(context.Background())
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
}
