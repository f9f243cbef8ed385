//go:build bolt

package slackfake_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// bolt is a process of Slack's own client, and what it prints, line by line.
type bolt struct {
	said  *bufio.Scanner
	stdin io.WriteCloser
}

// startBolt starts .ci/slack/bolt.js, with the node that is installed beside it
// or, where there is none, the machine's.
func startBolt(t *testing.T, mode string, env ...string) *bolt {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", ".ci", "slack"))
	if err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(dir, "node_modules", ".bin", "node")
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	command := exec.Command(node, filepath.Join(dir, "bolt.js"), mode)
	command.Env, command.Stderr = append(os.Environ(), env...), os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("starting Bolt; npm ci in .ci/slack installs it: %v", err)
	}
	timer := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	t.Cleanup(func() {
		timer.Stop()
		command.Process.Kill()
		command.Wait()
	})
	return &bolt{bufio.NewScanner(stdout), stdin}
}

// heard wants Bolt to print a line.
func (b *bolt) heard(t *testing.T, want string) {
	t.Helper()
	if !b.said.Scan() {
		t.Fatalf("Bolt ended before it said %s", want)
	}
	if got := b.said.Text(); got != want {
		t.Errorf("Bolt said %s, want %s", got, want)
	}
}

// TestBolt: an app made with Bolt takes this Slack for Slack's. It connects, is
// greeted, hears commands, buttons, forms and events, acknowledges them,
// answers, and comes back when it is asked to.
func TestBolt(t *testing.T) {
	s, api := newAPI(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	b := startBolt(t, "app", "SLACK_API_URL="+s.URL+"/api/", "SLACK_BOT_TOKEN="+slackfake.BotToken, "SLACK_APP_TOKEN="+slackfake.AppToken)
	b.heard(t, `{"hello":"`+slackfake.Team+`"}`)

	ack, err := s.Deliver(ctx, s.Command("U0ADA", "#cloud-spend", "/spend", "by service"))
	if err != nil || string(ack.Payload) != `{"response_type":"ephemeral","text":"working"}` {
		t.Errorf("the command was acknowledged with %s, %v", ack.Raw, err)
	}
	b.heard(t, `{"command":"by service","user":"U0ADA"}`)
	if m := s.Messages("#cloud-spend"); len(m) != 1 || m[0].Text != "heard by service in "+cloud {
		t.Errorf("the channel shows %+v, want the answer", m)
	}

	button := slack.NewButtonBlockElement("acknowledge", "k1", slack.NewTextBlockObject(slack.PlainTextType, "Acknowledge", false, false))
	ts := post(t, api, text("alert"), slack.MsgOptionBlocks(slack.NewActionBlock("alert", button)))
	press, err := s.Press("U0ADA", s.Messages("")[1], "acknowledge")
	if err != nil {
		t.Fatal(err)
	}
	if ack, err := s.Deliver(ctx, press); err != nil || len(ack.Payload) > 2 {
		t.Errorf("the press was acknowledged with %s, %v", ack.Raw, err)
	}
	b.heard(t, `{"action":"k1","user":"U0ADA"}`)
	if m := s.Messages("")[1]; m.TS != ts || m.Text != "acknowledged k1 by U0ADA" || m.Edits != 1 {
		t.Errorf("the message says %+v, want it replaced", m)
	}

	form := slackfake.View{ID: "V1", JSON: `{"type":"modal","callback_id":"expect","private_metadata":"k1","blocks":[]}`}
	for reason, want := range map[string]string{"": `{"response_action":"errors","errors":{"reason":"Say why."}}`, "a backfill": ""} {
		filled := map[string]map[string]any{"reason": {"value": map[string]any{"type": "plain_text_input", "value": reason}}}
		ack, err := s.Deliver(ctx, s.Submission("U0ADA", form, filled))
		if got := strings.TrimPrefix(string(ack.Payload), "{}"); err != nil || got != want {
			t.Errorf("the form with %q was acknowledged with %s, %v, want %s", reason, got, err, want)
		}
		b.heard(t, `{"view":"k1"}`)
	}

	before := <-s.Connected()
	if err := before.Disconnect("refresh_requested"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Connected():
	case <-ctx.Done():
		t.Fatal("Bolt did not come back")
	}
	if _, err := s.Deliver(ctx, s.HomeOpened("U0ADA", "home")); err != nil {
		t.Error(err)
	}
	b.heard(t, `{"home":"U0ADA"}`)
	if v := s.Views(); len(v) != 1 || v[0].User != "U0ADA" {
		t.Errorf("views: %+v, want App Home", v)
	}
}

// TestBoltVerifiesSignatures: Slack's own check accepts what Sign signs, and
// nothing else.
func TestBoltVerifiesSignatures(t *testing.T) {
	s := slackfake.New("cloud-spend")
	now := time.Now()
	command := s.Command("U0ADA", "#cloud-spend", "/spend", "by service & zone")
	press := s.PressAs("U0ADA", slackfake.Message{Channel: cloud}, slackfake.Action{ID: "acknowledge", Value: "k1"})
	b := startBolt(t, "verify")
	check := func(body string, signed http.Header, want string) {
		t.Helper()
		headers := map[string]any{}
		for name := range signed {
			headers[strings.ToLower(name)] = signed.Get(name)
		}
		request := map[string]any{"signingSecret": slackfake.SigningSecret, "body": body, "headers": headers}
		if err := json.NewEncoder(b.stdin).Encode(request); err != nil {
			t.Fatal(err)
		}
		b.heard(t, want)
	}
	const forged = `{"good":false,"why":"Failed to verify authenticity: signature mismatch"}`
	for _, r := range []slackfake.Request{command, press, s.HomeOpened("U0ADA", "home")} {
		_, body := r.Body()
		check(body, slackfake.Sign(slackfake.SigningSecret, body, now), `{"good":true}`)
		check(body, slackfake.Sign("a guess", body, now), forged)
		check(body+"&text=ack", slackfake.Sign(slackfake.SigningSecret, body, now), forged)
		moved := slackfake.Sign(slackfake.SigningSecret, body, now.Add(-time.Minute))
		moved.Set("X-Slack-Request-Timestamp", slackfake.Sign("", "", now).Get("X-Slack-Request-Timestamp"))
		check(body, moved, forged)
		check(body, slackfake.Sign(slackfake.SigningSecret, body, now.Add(-6*time.Minute)),
			`{"good":false,"why":"Failed to verify authenticity: x-slack-request-timestamp must differ from system time by no more than 5 minutes or request is stale"}`)
	}
}
