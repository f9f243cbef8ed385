package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

type demoCmd struct{}

//go:embed demo.yaml
var demoRules []byte

// chapter is one recorded account of the demo.
type chapter struct {
	recording string
	account   string
	title     string
	pause     fetcher.Day // the morning on which the summary and /spend are shown
}

func chapters() []chapter {
	return []chapter{
		{"durable-object-loop", "nightly-builds", "A Durable Object that kept waking itself: $34,895 in nine days on a small account (April 2026, as published)", fetcher.NewDay(2026, time.April, 5)},
		{"core-guardian", "core-guardian", "A day of Workers AI past its allowance, and a tail of cents after it (September 2026, as published)", 0},
	}
}

func (*demoCmd) local() {}

// Run walks two recorded accounts through the line that the daemon runs: a
// Cloudflare on loopback that knows each morning what the real one knew, the
// rules of demo.yaml, a database, and Slack's messages printed.
func (c *demoCmd) Run(ctx context.Context, e env) error {
	dir, err := os.MkdirTemp("", "billbot-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	e.rulesFile, e.dbFile = filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "billbot.db")
	if err := os.WriteFile(e.rulesFile, demoRules, 0o600); err != nil {
		return fmt.Errorf("writing the demo's rules: %w", err)
	}
	d := demo{env: e}
	if err := d.serve(); err != nil {
		return err
	}
	defer d.close()
	fmt.Fprintf(e.stdout, "billbot demo: recorded accounts, walked a morning at a time. Nothing leaves this machine.\n")
	for _, ch := range chapters() {
		if err := d.play(ctx, ch); err != nil {
			return err
		}
	}
	d.whatNext()
	return nil
}

// demo is a run of the demo.
type demo struct {
	env    env
	cloud  *cloudflaretest.Server
	server *http.Server
	engine *engine
	now    time.Time
}

// serve starts the recorded Cloudflare on loopback and an engine that asks it.
func (d *demo) serve() error {
	var recordings []cloudflaretest.Recording
	for _, ch := range chapters() {
		r, err := cloudflaretest.Load(ch.recording)
		if err != nil {
			return err
		}
		recordings = append(recordings, r)
	}
	d.cloud = cloudflaretest.New(recordings...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serving the recorded Cloudflare: %w", err)
	}
	d.server = newServer(d.cloud)
	go d.server.Serve(l)
	d.env.log = slog.New(slog.DiscardHandler)
	d.env.getenv = func(name string) string {
		return map[string]string{
			"CLOUDFLARE_API_TOKEN": cloudflaretest.Token,
			"CLOUDFLARE_BASE_URL":  "http://" + l.Addr().String() + "/client/v4",
		}[name]
	}
	printer := &demoPrinter{out: d.env.stdout, now: func() time.Time { return d.now }}
	r, err := d.env.loadRules()
	if err != nil {
		return err
	}
	d.engine, err = d.env.newEngineTo(printer, r, readerPatience)
	return err
}

func (d *demo) close() {
	if d.engine != nil {
		d.engine.store.Close()
	}
	d.server.Close()
}

// play lives through a recording, one poll a morning.
func (d *demo) play(ctx context.Context, ch chapter) error {
	recording, err := cloudflaretest.Load(ch.recording)
	if err != nil {
		return err
	}
	all := *d.engine.rules
	mine := all
	mine.Accounts = nil
	for _, a := range all.Accounts {
		if a.Name == ch.account {
			mine.Accounts = []rules.Account{a}
		}
	}
	first, last := recording.Days()
	fmt.Fprintf(d.env.stdout, "\n%s\n%s, %s to %s.\n", ch.title, ch.account, first, last)
	for day := first + 1; day <= last+1; day++ {
		d.now = day.Time().Add(6*time.Hour + 30*time.Minute)
		d.cloud.SetNow(d.now)
		today := mine
		if day != ch.pause {
			today.Summaries = nil
		}
		d.engine.rules = &today
		if err := d.morning(ctx); err != nil {
			return err
		}
		if day == ch.pause {
			if err := d.spend(ctx, ch.account); err != nil {
				return err
			}
		}
	}
	d.engine.rules = &all
	return nil
}

// morning polls, and prints what is said. An answer that cannot be trusted is
// part of the recording.
func (d *demo) morning(ctx context.Context) error {
	if err := d.engine.sweep(ctx, d.now); err != nil {
		if ctx.Err() != nil {
			return err
		}
		fmt.Fprintf(d.env.stdout, "\n%s  (not believed, nothing changes) %s\n", d.now.Format("2 Jan"), err)
	}
	return d.engine.deliver(ctx, d.now)
}

func (d *demo) spend(ctx context.Context, account string) error {
	spends, err := spendOf(ctx, d.engine.store, &d.engine.desk, account, d.now)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.env.stdout, "\n%s  /spend would answer, to you alone:\n%s\n", stamp(d.now), indent(slack.PlainText(slack.RenderSpend(spends))))
	return nil
}

func (d *demo) whatNext() {
	db := d.env.dbFile
	fmt.Fprintf(d.env.stdout, `
That was the whole line: fetched, kept, judged, told. Look around in it:
  database  %s
  rules     %s
  billbot alerts  --db %s
  billbot history --db %s --account nightly-builds --from 2026-04-01 --to 2026-04-15

For your own account: go build ./cmd/billbot, cp rules.example.yaml rules.yaml, edit it, then
  billbot check
  billbot poll --notify stdout --db try.db    (needs CLOUDFLARE_API_TOKEN, with Account > Billing > Read)
  billbot run                                 (needs SLACK_BOT_TOKEN too)
`, db, d.env.rulesFile, db, db)
}

// demoPrinter prints messages as a channel shows them: a new one whole, an
// edit as its new first line.
type demoPrinter struct {
	out io.Writer
	now func() time.Time
}
