package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/billbot/billbot/rules"
)

type doctorCmd struct {
	Account string `help:"Look at this account only, by name or ID." placeholder:"NAME"`
	Redact  bool   `help:"Leave out what is personal: names, IDs, channels, addresses, and the folders of paths. --redact=false leaves it in." default:"true"`
	Format  string `help:"text or json: an object a line for each finding." enum:"text,json" default:"text"`
}

// Help is what billbot doctor --help adds.
func (*doctorCmd) Help() string {
	return `It asks Cloudflare and Slack, reads the database, and changes nothing. Each finding
is ok, a warning or an error, with what to do. What it prints has nothing personal in
it, and can be pasted into an issue. Beside a running billbot it is that one's tokens
that are tried. It exits 1 if there is an error.

    billbot doctor
    billbot doctor --redact=false --account production`
}

// Run looks at everything that billbot depends on.
func (c *doctorCmd) Run(ctx context.Context, e env) error {
	d := &doctor{env: e, now: e.now(), only: c.Account}
	if c.Redact {
		d.hide = &redactor{}
	}
	d.env.log = slog.New(d.listener())
	d.env.clock = &clockCheck{log: slog.New(slog.DiscardHandler)}
	if err := d.look(ctx); err != nil {
		return err
	}
	if err := c.print(e, d); err != nil {
		return err
	}
	if d.count(wrong) > 0 {
		return silent{errors.New("something is wrong")}
	}
	return ctx.Err()
}

// doctor looks at one thing after the other and keeps what it finds.
type doctor struct {
	env   env
	now   time.Time
	only  string       // account, "" for all
	hide  *redactor    // nil hides nothing
	rules *rules.Rules // nil where they cannot be read
	found []finding
}

// look looks at everything. What is wrong is a finding; the error is for what
// cannot have been meant.
func (d *doctor) look(ctx context.Context) error {
	d.hidePlaces()
	d.program()
	d.readRules()
	accounts, err := d.accounts()
	if err != nil {
		return err
	}
	d.files()
	d.stored(ctx, accounts)
	d.asked(ctx, accounts)
	d.clock()
	d.slack(ctx)
	return nil
}

// hidePlaces keeps the machine's folders out of what is said.
func (d *doctor) hidePlaces() {
	for _, path := range []string{d.env.rulesFile, d.env.dbFile, d.env.show(d.env.rulesFile), d.env.show(d.env.dbFile)} {
		if filepath.Base(path) != path {
			d.hide.hidePath(path)
		}
	}
	host, _ := os.Hostname()
	d.hide.hide("host", host)
	d.hide.hide("user", d.env.getenv("USER"))
	d.hide.hide("team", d.env.getenv("SLACK_TEAM_ID"))
}

func (d *doctor) program() {
	beside := "no other billbot was asked"
	if d.env.shared != nil {
		beside = "the running billbot answers"
	}
	d.on("billbot").ok("%s, %s %s/%s, %s", ours(version()), ours(runtime.Version()), ours(runtime.GOOS), ours(runtime.GOARCH), ours(beside))
	if !d.env.fixed.IsZero() {
		d.on("billbot").ok("--now has it look as at %s", ours(d.now.Format(time.RFC3339)))
	}
}

// print prints the findings.
func (c *doctorCmd) print(e env, d *doctor) error {
	if c.Format == "json" {
		return printJSON(e, d.found)
	}
	for _, f := range d.found {
		about := f.Check
		if f.Account != "" {
			about += " of " + f.Account
		}
		fmt.Fprintf(e.stdout, "%s %s: %s\n", e.screen.paint(f.Level.colour(), fmt.Sprintf("%-7s", f.Level)), about, f.Text)
		if f.Do != "" {
			fmt.Fprintf(e.stdout, "        -> %s\n", f.Do)
		}
	}
	_, err := fmt.Fprintf(e.stdout, "\n%s, %s\n", count(d.count(wrong), "error"), count(d.count(doubtful), "warning"))
	return err
}

// level is how bad a finding is.
type level int

// The levels of findings.
const (
	fine level = iota
	doubtful
	wrong
)

// String is the level as it is printed.
func (l level) String() string { return [...]string{"ok", "warning", "error"}[l] }

// MarshalJSON writes the level's name.
func (l level) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

func (l level) colour() colour { return [...]colour{green, yellow, red}[l] }
