package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// Exit codes.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2 // wrong usage, or bad rules
)

// cli is the command line. One field a command; each command's file holds its
// flags and its Run.
type cli struct {
	Rules string `help:"The rules file (rules.yaml)." default:"rules.yaml" type:"string" placeholder:"FILE"`
	DB    string `name:"db" help:"The database file (billbot.db)." default:"billbot.db" placeholder:"FILE"`
	Now   string `help:"Pretend that it is this moment. It rules periods, staleness, summaries and retries alike." placeholder:"RFC3339"`

	Init     initCmd     `cmd:"" help:"Begin: ask for an account, a channel and a budget, and write the rules and the Slack app's manifest."`
	Run      runCmd      `cmd:"" help:"Watch: poll on a schedule, tell Slack, answer /spend. Stops cleanly on SIGINT and SIGTERM."`
	Poll     pollCmd     `cmd:"" help:"Poll every account once, deliver what is due, and exit. Exits 1 if an account could not be trusted."`
	Check    checkCmd    `cmd:"" help:"Check a rules file: every mistake at once, with line and column. Needs no network."`
	Spend    spendCmd    `cmd:"" help:"Print what each account costs: today, period to date, by service."`
	Alerts   alertsCmd   `cmd:"" help:"Print the alerts, firing ones first."`
	Ack      ackCmd      `cmd:"" help:"Acknowledge an alert: its message says who looks after it."`
	Snooze   snoozeCmd   `cmd:"" help:"Keep an alert out of the channel for 24h, 7d or until its period ends. Its message stays true."`
	Outbox   outboxCmd   `cmd:"" help:"Print the messages that are not delivered yet; resend or drop one."`
	History  historyCmd  `cmd:"" help:"Print daily costs and what Cloudflare changed afterwards."`
	Export   exportCmd   `cmd:"" help:"Print the charges for other tools: FOCUS columns as CSV, or JSON, with every digit."`
	Test     testCmd     `cmd:"" help:"Run tests of rules: what services cost on which days, and what must be said of it. Needs no network."`
	Explain  explainCmd  `cmd:"" help:"Say what a rule went by on a day, and what held it back."`
	Backtest backtestCmd `cmd:"" help:"Walk recorded days, or those in the database, and print what the rules would have said."`
	Backup   backupCmd   `cmd:"" help:"Copy the database, beside a running billbot too, and check the copy."`
	CheckDB  checkDBCmd  `cmd:"" name:"check-db" help:"Check every value of the database, and what it refers to. Exits 1 if something is wrong."`
	Doctor   doctorCmd   `cmd:"" help:"Look at everything billbot depends on: tokens, data, clock, disk, Slack. Exits 1 if something is wrong."`
	Health   healthCmd   `cmd:"" help:"Ask the running billbot how it is. Exits 1 if something is wrong, or none runs."`
	Manifest manifestCmd `cmd:"" help:"Print the manifest of the Slack app, to make the app from: over Socket Mode, or with --http URL."`
	Demo     demoCmd     `cmd:"" help:"Watch two recorded runaways become Slack messages. Needs no account, no Slack and no network."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

const description = `billbot watches what Cloudflare will bill and tells Slack when a person should know.

See it work, without an account or Slack:

    billbot demo

For your own account, in a folder of its own:

    billbot init
    billbot doctor
    billbot poll --notify stdout --db try.db
    billbot run

Secrets come from the environment, each also as NAME_FILE (a file that holds it):

    CLOUDFLARE_API_TOKEN   a token with Account > Billing > Read
    SLACK_BOT_TOKEN        xoxb-..., with chat:write
    SLACK_APP_TOKEN        xapp-..., with connections:write, for /spend and buttons
    SLACK_SIGNING_SECRET   for the same over HTTP instead, or too
    SLACK_WEBHOOK_URL      instead of the bot token, to post only (with both, the bot posts)
    HEARTBEAT_URL          asked after each poll that could be trusted`

// run parses the arguments and runs the command. A command that finds the
// database in the hands of a running billbot is run by that one instead.
func run(ctx context.Context, args []string, e env) int {
	command, code := parse(args, &e)
	if command == nil {
		return code
	}
	if isLocal(command) || e.shared != nil {
		return tellError(e, command.Run(ctx, e))
	}
	return runBeside(ctx, command, args, e)
}

// runBeside runs a command that needs the database: by the daemon that holds
// it, or here once nobody does.
func runBeside(ctx context.Context, command command, args []string, e env) int {
	for deadline := time.Now().Add(lockPatience); ; {
		if answer, err := askDaemon(ctx, args, e); err == nil {
			fmt.Fprint(e.stdout, answer.Stdout)
			fmt.Fprint(e.stderr, answer.Stderr)
			return answer.Exit
		}
		err := command.Run(ctx, e)
		if !errors.Is(err, store.ErrLocked) || ctx.Err() != nil || time.Now().After(deadline) {
			return tellError(e, err)
		}
	}
}

// lockPatience is how long a command waits for another one, such as a poll that
// delivers, to let go of the database.
const lockPatience = 15 * time.Second

// command is one command, its flags filled in. One that has a method local does
// not need the database that a daemon may hold; one that has needsNothing says
// whether its flags make it so.
type command interface {
	Run(ctx context.Context, e env) error
}

func isLocal(c command) bool {
	if asked, ok := c.(interface{ needsNothing() bool }); ok {
		return asked.needsNothing()
	}
	_, local := c.(interface{ local() })
	return local
}

// parse returns the command that the arguments name, or nil and the exit code.
func parse(args []string, e *env) (command, int) {
	var c cli
	var chosen command
	root := newCommand("billbot", "", reflect.ValueOf(&c).Elem(), &chosen)
	root.Long = description
	root.SetHelpFunc(printHelp)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.SetArgs(append([]string{}, args...)) // none is not the process's own
	for _, name := range []string{"rules", "db", "now"} {
		root.PersistentFlags().AddFlag(root.Flags().Lookup(name))
	}
	if err := root.Execute(); err != nil {
		return nil, tellError(*e, usageError{callError{err}})
	}
	if chosen == nil {
		return nil, exitOK // it was help, or a completion script
	}
	if err := e.settle(c); err != nil {
		return nil, tellError(*e, usageError{err})
	}
	return chosen, exitOK
}

// settle takes the flags that every command has into the environment.
func (e *env) settle(c cli) error {
	e.rulesFile, e.dbFile = e.path(c.Rules), e.path(c.DB)
	if c.Now == "" {
		return nil
	}
	now, err := time.Parse(time.RFC3339, c.Now)
	if err != nil {
		return fmt.Errorf("--now %s: not a moment like 2026-04-05T06:30:00Z", c.Now)
	}
	e.fixed = now
	return nil
}

// usageError is a mistake in how billbot was called or set up.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// callError is a mistake in the arguments themselves.
type callError struct{ error }

// silent is a failure that has been told already.
type silent struct{ error }

// tellError prints an error as people should read it and returns the exit code.
func tellError(e env, err error) int {
	var problems rules.Problems
	var quiet silent
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &problems):
		fmt.Fprintln(e.stderr, problems.Error())
		return exitUsage
	case errors.As(err, &quiet) && errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &quiet):
		return exitFail
	}
	err = advise(err)
	fmt.Fprintf(e.stderr, "billbot: %s\n", strings.TrimPrefix(err.Error(), "billbot: "))
	if errors.As(err, &callError{}) {
		fmt.Fprintln(e.stderr, `hint: "billbot --help" lists the commands, "billbot COMMAND --help" the flags of one`)
	}
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFail
}
