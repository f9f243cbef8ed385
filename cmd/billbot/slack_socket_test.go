package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	slackgo "github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

var listening = regexp.MustCompile(`msg=listening addr=(\S+)`)

// scriptSlash asks /spend of the daemon that writes a log, over HTTP or over
// its socket: slash daemon.log http by service. What only who asked would read
// is in the file answer.
func scriptSlash(ts *testscript.TestScript, _ bool, args []string) {
	s := sidesOf(ts).slack
	command := s.Command("U012AB3CD", "#cloud-spend", "/spend", strings.Join(args[2:], " "))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var answer string
	var err error
	if args[1] == "socket" {
		answer, err = askOverSocket(ctx, s.Server, command)
	} else {
		answer, err = askOverHTTP(ctx, s.Server, "http://"+listening.FindStringSubmatch(ts.ReadFile(args[0]))[1], command)
	}
	ts.Check(err)
	text, err := readAnswer(answer)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(text+"\n"), 0o600))
}

// askOverSocket delivers a command, and waits until it is acknowledged and
// answered.
func askOverSocket(ctx context.Context, s *slackfake.Server, command slackfake.Request) (string, error) {
	if _, err := s.Deliver(ctx, command); err != nil {
		return "", err
	}
	answer, err := s.Answer(ctx)
	return answer.Body, err
}

func askOverHTTP(ctx context.Context, s *slackfake.Server, base string, command slackfake.Request) (string, error) {
	status, answer, err := s.Post(ctx, base, command)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	return answer, err
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
