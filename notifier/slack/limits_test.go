package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/slack-go/slack"
)

// crowd is more blocks than any page of Slack's has.
func crowd() []slack.Block {
	var all []slack.Block
	for range blockkit.MaxViewBlocks + 20 {
		all = append(all, lines("A line."))
	}
	return all
}

// sentBlocks are the blocks of a request to Slack, whatever its form.
func sentBlocks(t *testing.T, body string) []slack.Block {
	t.Helper()
	var page struct {
		Blocks slack.Blocks
		View   struct{ Blocks slack.Blocks }
	}
	if form, err := url.ParseQuery(body); err == nil && form.Has("blocks") {
		body = `{"blocks":` + form.Get("blocks") + `}`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatalf("%v in %.100q", err, body)
	}
	return append(page.Blocks.BlockSet, page.View.Blocks.BlockSet...)
}

// TestWhateverGoesOutFits sends too much on each way that there is to Slack.
func TestWhateverGoesOutFits(t *testing.T) {
	var body string
	slackServer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read, _ := io.ReadAll(r.Body)
		body = string(read)
		if strings.HasPrefix(r.URL.Path, "/api/") {
			io.WriteString(w, `{"ok":true,"channel":"C0CLOUD","ts":"1.2","view":{}}`)
			return
		}
		io.WriteString(w, "ok")
	}))
	defer slackServer.Close()
	var kept bytes.Buffer
	log := slog.New(slog.NewTextHandler(&kept, nil))
	client, err := New(Config{Token: secret.New(testToken), APIURL: slackServer.URL + "/api", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	webhook, err := NewWebhook(WebhookConfig{URL: secret.New(slackServer.URL + "/hook"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	commands := newCommands(t, func(c *CommandsConfig) { c.APIURL, c.Log = slackServer.URL+"/api", log })
	presses := newInteractions(t, &oneAlert{})
	presses.config.Client, presses.config.Log = client, log
	much := Message{Text: "Too much", Blocks: crowd()}
	form := expectView(formOrigin{Key: "k"}, nil, pressedAt)
	form.Blocks.BlockSet = append(form.Blocks.BlockSet, crowd()...)
	for name, tt := range map[string]struct {
		on   blockkit.Surface
		send func(ctx context.Context) error
	}{
		"a message": {blockkit.InMessage, func(ctx context.Context) error {
			out, _ := client.try(ctx, address{name: "#cloud-spend", channel: "C0CLOUD"}, much)
			return out.Err
		}},
		"a webhook's message": {blockkit.InMessage, func(ctx context.Context) error {
			out, _ := webhook.post(ctx, much)
			return out.Err
		}},
		"an answer": {blockkit.InMessage, func(ctx context.Context) error {
			commands.respond(ctx, slackServer.URL+"/respond", private(much))
			return nil
		}},
		"an answer to a press": {blockkit.InMessage, func(ctx context.Context) error {
			presses.tell(ctx, slack.InteractionCallback{ResponseURL: slackServer.URL + "/respond"}, pressed{}, much)
			return nil
		}},
		"App Home": {blockkit.InHome, func(ctx context.Context) error {
			return client.Publish(ctx, "U1", slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: crowd()}})
		}},
		"a form": {blockkit.InModal, func(ctx context.Context) error { return client.open(ctx, "trigger", form) }},
	} {
		t.Run(name, func(t *testing.T) {
			body = ""
			kept.Reset()
			if err := tt.send(t.Context()); err != nil {
				t.Fatal(err)
			}
			broken := blockkit.Check(blockkit.Page{On: tt.on, Text: "text", Blocks: sentBlocks(t, body)})
			if len(broken) > 0 || !strings.Contains(body, "Left+out%2C") && !strings.Contains(body, "Left out, as Slack takes no more: ") {
				t.Errorf("sent what breaks %q, ending %q", blockkit.Told(broken), body[max(0, len(body)-200):])
			}
			if !strings.Contains(kept.String(), "shortened to what Slack takes") || !strings.Contains(kept.String(), "blocks at blocks: 12") {
				t.Errorf("got the log %q, want what was too much", kept.String())
			}
		})
	}
}

// An answer to a command is the answer to its request, where it is there in time.
func TestAnswerAtOnceFits(t *testing.T) {
	c := newCommands(t, func(c *CommandsConfig) {
		c.Interactor = handling{act: func(string, Person, string, time.Time) Message { return Message{Text: "Too much", Blocks: crowd()} }}
	})
	body, _ := ask(t, c, "ack k3v7qd2a")
	blocks := sentBlocks(t, body)
	if broken := blockkit.Check(blockkit.Page{Text: "text", Blocks: blocks}); len(broken) > 0 || len(blocks) != blockkit.MaxBlocks {
		t.Errorf("got %d blocks, %s", len(blocks), blockkit.Told(broken))
	}
}

// A form that would come back without what it is about is not opened.
func TestFormThatCannotBeCutIsNotOpened(t *testing.T) {
	s := newServer(t)
	form := expectView(formOrigin{Key: strings.Repeat("k", blockkit.MaxPrivateMetadata)}, nil, pressedAt)
	if err := s.client(t).open(t.Context(), "trigger", form); err == nil || len(s.requests()) != 0 {
		t.Errorf("got %v after %d requests, want an error and none", err, len(s.requests()))
	}
}

// What fits goes out as it was laid out, to the last byte.
func TestWhatFitsIsNotChanged(t *testing.T) {
	for name, item := range contents(t) {
		m := Render(item)
		if got := m.fitting(slog.New(slog.DiscardHandler)); !bytes.Equal(indented(t, got), indented(t, m)) {
			t.Errorf("%s is sent otherwise than it is laid out", name)
		}
	}
}

// TestGoldensFit holds every golden file against Slack's limits.
func TestGoldensFit(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("got %d golden files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var golden struct {
			Text   string
			Blocks slack.Blocks
		}
		if err := json.Unmarshal(text, &golden); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		page := blockkit.Page{Text: golden.Text, Blocks: golden.Blocks.BlockSet}
		if strings.HasPrefix(filepath.Base(file), "home") {
			page.On = blockkit.InHome
		}
		if broken := blockkit.Check(page); len(page.Blocks) == 0 || len(broken) > 0 {
			t.Errorf("%s: %d blocks, %s", file, len(page.Blocks), blockkit.Told(broken))
		}
	}
}
