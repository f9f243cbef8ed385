package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rogpeppe/go-internal/testscript"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/billbot/billbot/notifier/slack"
)

// fakeSockets is the part of Slack that brings commands: sockets, and the URLs
// that take the answers.
type fakeSockets struct {
	mu      sync.Mutex
	links   []*websocket.Conn
	sent    int
	acks    chan socketmode.Response
	answers chan string
}

const fakeAppToken = "xapp-1-fake-slack-token"

func newFakeSockets() *fakeSockets {
	return &fakeSockets{acks: make(chan socketmode.Response, 100), answers: make(chan string, 100)}
}

// open answers apps.connections.open.
func (f *fakeSockets) open(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+fakeAppToken {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`)
		return
	}
	fmt.Fprintf(w, `{"ok":true,"url":"ws://%s/link?ticket=secret"}`, r.Host)
}

// link is a socket: it greets, and keeps what is acknowledged.
func (f *fakeSockets) link(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	f.mu.Lock()
	conn.WriteJSON(map[string]any{"type": "hello", "num_connections": 1})
	f.links = append(f.links, conn)
	f.mu.Unlock()
	for {
		var ack socketmode.Response
		if conn.ReadJSON(&ack) != nil {
			return
		}
		f.acks <- ack
	}
}

// respond takes an answer.
func (f *fakeSockets) respond(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.answers <- string(body)
	fmt.Fprint(w, "ok")
}

// send sends a command over the last socket that was opened, and waits until
// it is acknowledged and answered.
func (f *fakeSockets) send(command map[string]string) (answer string, err error) {
	f.mu.Lock()
	f.sent++
	id := fmt.Sprint("envelope-", f.sent)
	link := f.links[len(f.links)-1]
	err = link.WriteJSON(map[string]any{"envelope_id": id, "type": "slash_commands", "payload": command})
	f.mu.Unlock()
	if err != nil {
		return "", err
	}
	select {
	case ack := <-f.acks:
		if ack.EnvelopeID != id {
			return "", fmt.Errorf("acknowledged %s, want %s", ack.EnvelopeID, id)
		}
	case <-time.After(3 * time.Second):
		return "", fmt.Errorf("%s was not acknowledged within three seconds", id)
	}
	select {
	case answer = <-f.answers:
		return answer, nil
	case <-time.After(20 * time.Second):
		return "", fmt.Errorf("%s was not answered", id)
	}
}

var listening = regexp.MustCompile(`msg=listening addr=(\S+)`)

// scriptSlash asks /spend of the daemon that writes a log, over HTTP or over
// its socket: slash daemon.log http by service. What only who asked would read
// is in the file answer.
func scriptSlash(ts *testscript.TestScript, _ bool, args []string) {
	command := map[string]string{
		"command": "/spend", "user_id": "U012AB3CD", "channel_id": "C0CLOUD", "text": strings.Join(args[2:], " "),
		"response_url": sidesOf(ts).address + "/respond?" + strconv.FormatInt(time.Now().UnixNano(), 36), // one for each command
	}
	var answer string
	var err error
	if args[1] == "socket" {
		answer, err = sidesOf(ts).sockets.send(command)
	} else {
		answer, err = postSlash(listening.FindStringSubmatch(ts.ReadFile(args[0]))[1], command)
	}
	ts.Check(err)
	text, err := readAnswer(answer)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(text+"\n"), 0o600))
}

// postSlash sends a command as Slack signs it.
func postSlash(address string, command map[string]string) (string, error) {
	return postSlashAs(address, "a-signing-secret", command)
}

func postSlashAs(address, secret string, command map[string]string) (string, error) {
	form := url.Values{}
	for name, value := range command {
		form.Set(name, value)
	}
	body, stamp := form.Encode(), fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	r, err := http.NewRequest(http.MethodPost, "http://"+address+"/slack/commands", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if reply.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", reply.StatusCode)
	}
	return string(answer), err
}

// readAnswer reads a private answer as a person does.
func readAnswer(answer string) (string, error) {
	var read struct {
		Type   string         `json:"response_type"`
		Text   string         `json:"text"`
		Blocks slackgo.Blocks `json:"blocks"`
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(answer))).Decode(&read); err != nil {
		return "", fmt.Errorf("answer %.200q: %w", answer, err)
	}
	if read.Type != "ephemeral" {
		return "", fmt.Errorf("the answer is %q, not private", read.Type)
	}
	return slack.PlainText(slack.Message{Text: read.Text, Blocks: read.Blocks.BlockSet}), nil
}
