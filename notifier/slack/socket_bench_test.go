package slack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/rules/report"
)

// BenchmarkAcknowledge measures, over real sockets on loopback, how long Slack
// waits for an acknowledgement while answers are worked out.
func BenchmarkAcknowledge(b *testing.B) {
	s := newSocketSlack()
	server := httptest.NewServer(http.HandlerFunc(s.upgrade))
	defer server.Close()
	go func() { // nobody reads the answers
		for range s.answers {
		}
	}()
	commands, err := NewCommands(CommandsConfig{APIURL: "http://127.0.0.1/api", Transport: s,
		Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(b, q), nil })})
	if err != nil {
		b.Fatal(err)
	}
	socket, err := NewSocket(SocketConfig{AppToken: secret.New(testAppToken), APIURL: "http://127.0.0.1/api", Transport: s, Commands: commands,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { defer close(ran); socket.Run(ctx) }()
	p := <-s.accepted
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if err := p.WriteMessage(1, fmt.Appendf(nil, `{"envelope_id":"e%d","type":"slash_commands","payload":{"text":"by service","response_url":"http://127.0.0.1/respond/%d"}}`, i, i)); err != nil {
			b.Fatal(err)
		}
		<-p.acks
		took = append(took, time.Since(began))
	}
	cancel()
	<-ran
	commands.Shutdown(context.Background())
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
}
