package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"billbot": main})
}

// TestScript runs testdata/script: billbot as a process of its own, against a
// Cloudflare and a Slack on loopback.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: os.Getenv("UPDATE") != "",
		Setup:         setupScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"morning": scriptMorning, "exits": scriptExits, "slack": scriptSlack,
			"slash": scriptSlash, "fault": scriptFault, "waitfor": scriptWaitFor, "usage": scriptUsage, "alertid": scriptAlertID,
			"background": scriptBackground, "interrupt": scriptInterrupt, "hangup": scriptHangup,
			"modes": scriptModes, "get": scriptGet, "damage": scriptDamage,
		},
	})
}

// sides is what a script's billbot talks to.
type sides struct {
	cloud   *cloudflaretest.Server
	slack   *fakeSlack
	running map[string]*os.Process // background commands by their log
}

// loopRecording is an account whose Durable Objects run away on 3 April, among
// services that cost a little.
func loopRecording() (cloudflaretest.Recording, error) {
	return cloudflaretest.Load("durable-object-loop")
}

func setupScript(e *testscript.Env) error {
	recording, err := loopRecording()
	if err != nil {
		return err
	}
	s := sides{cloud: cloudflaretest.New(recording), slack: newFakeSlack(), running: map[string]*os.Process{}}
	cloud := httptest.NewServer(s.cloud)
	e.Defer(s.slack.Listen())
	e.Defer(func() {
		cloud.CloseClientConnections()
		cloud.Close()
	})
	e.Values["sides"] = s
	e.Setenv("CLOUDFLARE_API_TOKEN", cloudflaretest.Token)
	e.Setenv("CLOUDFLARE_BASE_URL", cloud.URL+cloudflaretest.Prefix)
	e.Setenv("SLACK_BOT_TOKEN", slackfake.BotToken)
	e.Setenv("SLACK_API_URL", s.slack.URL+"/api/")
	e.Setenv("SLACK_SIGNING_SECRET", slackfake.SigningSecret)
	e.Setenv("SLACK_APP_TOKEN", "") // scripts of sockets set it to APP_TOKEN
	e.Setenv("APP_TOKEN", slackfake.AppToken)
	e.Setenv("ACCOUNT", recording.AccountID)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	e.Setenv("REPO", root)
	return nil
}

func sidesOf(ts *testscript.TestScript) sides { return ts.Value("sides").(sides) }

// scriptMorning sets what Cloudflare knows: morning 2026-04-04.
func scriptMorning(ts *testscript.TestScript, _ bool, args []string) {
	day, err := fetcher.ParseDay(args[0])
	ts.Check(err)
	now := day.Time().Add(7 * time.Hour)
	sidesOf(ts).cloud.SetNow(now)
	ts.Setenv("NOW", now.Format(time.RFC3339))
}

// scriptAlertID takes the first alert's ID out of what billbot alerts --format
// json printed: alertid FILE VARIABLE.
func scriptAlertID(ts *testscript.TestScript, _ bool, args []string) {
	var alert struct{ ID string }
	ts.Check(json.NewDecoder(strings.NewReader(ts.ReadFile(args[0]))).Decode(&alert))
	ts.Setenv(args[1], alert.ID)
}

// scriptUsage writes what Cloudflare would answer on a morning: usage FILE
// 2026-04-20.
func scriptUsage(ts *testscript.TestScript, _ bool, args []string) {
	recording, err := loopRecording()
	ts.Check(err)
	day, err := fetcher.ParseDay(args[1])
	ts.Check(err)
	var out bytes.Buffer
	ts.Check(recording.WriteUsage(&out, day.Time().Add(7*time.Hour)))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// scriptExits runs a command and wants its exit code: exits 2 billbot check
// bad.yaml. What it printed is in the files out and err.
func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	command := processOf(ts, args[1:])
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o600))
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exited %d, want %d\n%s%s", args[1], got, want, stdout.String(), stderr.String())
	}
}

// processOf makes a command with the script's folder and environment.
func processOf(ts *testscript.TestScript, args []string) *exec.Cmd {
	bin, _, _ := strings.Cut(ts.Getenv("PATH"), string(os.PathListSeparator))
	command := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
	command.Dir = ts.MkAbs(".")
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_BASE_URL",
		"SLACK_BOT_TOKEN", "SLACK_API_URL", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN",
	} {
		command.Env = append(command.Env, name+"="+ts.Getenv(name))
	}
	return command
}

// scriptBackground starts a command whose output goes to a file, with its exit
// code as the last line: background LOG billbot run.
func scriptBackground(ts *testscript.TestScript, _ bool, args []string) {
	log, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	command := processOf(ts, args[1:])
	command.Stdout, command.Stderr = log, log
	ts.Check(command.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer log.Close()
		command.Wait()
		fmt.Fprintf(log, "exit %d\n", command.ProcessState.ExitCode())
	}()
	ts.Defer(func() {
		command.Process.Kill()
		<-ended
	})
	sidesOf(ts).running[args[0]] = command.Process
}

// scriptInterrupt sends SIGINT to a background command: interrupt LOG.
func scriptInterrupt(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(sidesOf(ts).running[args[0]].Signal(os.Interrupt))
}

// scriptHangup asks a daemon in the background to read its rules: hangup LOG.
func scriptHangup(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(sidesOf(ts).running[args[0]].Signal(syscall.SIGHUP))
}

// scriptSlack writes the messages that are in Slack to a file: slack FILE.
func scriptSlack(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	for _, m := range sidesOf(ts).slack.posted("") {
		thread := ""
		if m.Thread != "" {
			thread = " in thread"
		}
		fmt.Fprintf(&out, "%s %s%s, %d edits: %s\n", m.Channel, m.EventType, thread, m.Edits, m.Text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// scriptFault makes a side fail: fault slack 500, fault slack ok, fault cloud
// html.
func scriptFault(ts *testscript.TestScript, _ bool, args []string) {
	s := sidesOf(ts)
	switch args[0] + " " + args[1] {
	case "slack ok":
		s.slack.ScriptFunc(nil)
	case "slack 500":
		s.slack.ScriptFunc(always(slackfake.ServerError(500)))
	case "slack no_text":
		s.slack.ScriptFunc(always(slackfake.Refused("no_text")))
	case "slack lost":
		s.slack.history(false)
		broken := slackfake.ServerError(500).After()
		s.slack.ScriptFunc(func(_ int, method string) *slackfake.Fault {
			if method != "chat.postMessage" {
				return nil
			}
			return &broken
		})
	case "slack 429":
		s.slack.ScriptFunc(always(slackfake.RateLimited(30 * time.Second)))
	case "cloud html":
		s.cloud.Script(cloudflaretest.HTML())
	case "cloud empty":
		s.cloud.Script(cloudflaretest.EmptyResult())
	case "cloud 403":
		s.cloud.Script(cloudflaretest.Fault{
			Status: 403, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
		})
	case "cloud nocolumn":
		s.cloud.Script(cloudflaretest.MissingField("ServiceFamilyName"))
	case "cloud othersums":
		s.cloud.Script(cloudflaretest.Fault{Row: otherSum})
	case "cloud 429":
		s.cloud.Script(cloudflaretest.TooManyRequests(10 * time.Minute))
	default:
		ts.Fatalf("no such fault: %v", args)
	}
}

// otherSum makes Cloudflare's running sums differ from its charges.
func otherSum(_ int, columns []cloudflaretest.Column) []cloudflaretest.Column {
	for i, c := range columns {
		if c.Name == "CumulatedContractedCost" && c.JSON != "0" {
			columns[i].JSON = "1" + c.JSON
		}
	}
	return columns
}

// scriptWaitFor waits until a file, or what is in Slack, holds a text:
// waitfor FILE TEXT, waitfor slack TEXT.
func scriptWaitFor(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if args[0] == "slack" {
			scriptSlack(ts, false, []string{"slack"})
		}
		data, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && strings.Contains(string(data), args[1]) {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	ts.Fatalf("%s never held %q", args[0], args[1])
}
