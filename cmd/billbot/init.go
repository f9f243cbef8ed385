package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/rules"
)

type initCmd struct {
	Account string `help:"The account's ID, 32 hex digits, as in the dashboard's address." placeholder:"ID"`
	Name    string `help:"What messages call the account (production)." placeholder:"NAME"`
	Channel string `help:"The Slack channel for messages, like #cloud-spend." placeholder:"CHANNEL"`
	Budget  string `help:"What a billing period may cost, in the account's currency, like 25." placeholder:"AMOUNT"`
	HTTP    string `name:"http" help:"Have Slack call billbot at this address, https://..., instead of Socket Mode." placeholder:"URL"`
	Yes     bool   `help:"Ask nothing: what is left out is what would be proposed."`
}

func (*initCmd) local() {}

// Help is what billbot init --help adds.
func (*initCmd) Help() string {
	return `It writes two files, and never over one that is there: the rules, rules.yaml or what
--rules names, and slack-manifest.yaml beside it, to make the Slack app from. Where
CLOUDFLARE_API_TOKEN is set, it is tried. On a terminal it asks for what no flag says.

    billbot init
    billbot init --account 023e105f4ecef8ad9ca31a8372d0c353 --channel "#cloud-spend" --budget 25`
}

// manifestFile is where the app's manifest is written, beside the rules.
const manifestFile = "slack-manifest.yaml"

// Run asks what it needs and writes the files.
func (c *initCmd) Run(ctx context.Context, e env) error {
	app := filepath.Join(filepath.Dir(e.rulesFile), manifestFile)
	for _, path := range []string{e.rulesFile, app} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already, and is left as it is: move it away, or name other rules with --rules", e.show(path))
		}
	}
	base, err := publicAddress(c.HTTP)
	if err != nil {
		return usageError{err}
	}
	if err := c.fill(ctx, e); err != nil {
		return err
	}
	text := c.rulesText()
	r, err := rules.Load(e.show(e.rulesFile), []byte(text))
	if err != nil {
		return fmt.Errorf("the answers make no rules: %w", err)
	}
	c.tryToken(ctx, e, r.Accounts[0])
	if err := writeNew(app, manifest(base)); err != nil {
		return err
	}
	if err := writeNew(e.rulesFile, text); err != nil {
		return errors.Join(err, os.Remove(app))
	}
	c.next(e, app, base)
	return nil
}

// rulesText is the rules file. What was answered is quoted: Go's escapes are
// YAML's.
func (c *initCmd) rulesText() string {
	return fmt.Sprintf(`# billbot watches by these rules; "billbot check" checks them.
# Every key there is: docs/rules.md, rules.example.yaml. Secrets are never in here.

# timezone: Europe/Berlin   # when summaries go out; UTC without

accounts:
  - name: %q
    id: %q

slack:
  channel: %q

summaries:
  - every: day
    at: "09:00"
    quiet: short            # one line, when there is nothing to say

rules:
  - name: whole-account
    budget: {amount: %s, period: billing_period, actual: [50%%, 80%%, 100%%], forecast: [100%%]}
    severity: critical
  - name: runaway           # a service uses far more than usual
    spike: {}
`, c.Name, c.Account, c.Channel, c.Budget)
}

// tryToken says whether the token does, if there is one. The files are written
// all the same: a token can be mended.
func (c *initCmd) tryToken(ctx context.Context, e env, account rules.Account) {
	token, err := e.accountToken(account)
	if err != nil {
		fmt.Fprintf(e.stderr, "token: not tried: %s\n", err)
		return
	}
	src, err := newCloudflare(e, account)
	if err != nil {
		fmt.Fprintf(e.stderr, "token: %s\n", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if _, err := src.Fetch(ctx, ref(account), 0, 0, e.now()); err != nil {
		fmt.Fprintf(e.stderr, "token: %s\n  -> %s; \"billbot doctor\" tries it again\n", err, makeToken)
		return
	}
	fmt.Fprintf(e.stdout, "token: %s, and it has Account > Billing > Read\n", cloudflare.KindOf(token))
}

// writeNew writes a file that is not there yet.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("writing a file: %w", err)
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// next says what was written, and how it goes on.
func (c *initCmd) next(e env, app, base string) {
	second := "SLACK_APP_TOKEN (Basic Information, App-Level Tokens, connections:write)"
	if base != "" {
		second = "SLACK_SIGNING_SECRET (Basic Information, App Credentials)"
	}
	flag := ""
	if rules := e.show(e.rulesFile); rules != "rules.yaml" {
		flag = " --rules " + rules
	}
	fmt.Fprintf(e.stdout, `wrote %s and %s

Next:
  1. at api.slack.com/apps choose Create New App, From a manifest, paste %s, install it,
     set SLACK_BOT_TOKEN (OAuth & Permissions) and %s
  2. invite it: /invite @billbot in %s
  3. billbot doctor%s
  4. billbot run%s
`, e.show(e.rulesFile), e.show(app), e.show(app), second, c.Channel, flag, flag)
}
