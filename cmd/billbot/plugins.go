package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

// source fetches bills. Fetch asks what an account owes; with days, what it
// owed for them, both included.
type source interface {
	Fetch(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error)
}

// sources makes the source of an account, by the source's name. A new source
// is one folder under fetcher/ and one line here.
var sources = map[string]func(env, rules.Account) (source, error){
	"cloudflare": newCloudflare,
	"focus":      newFocus,
}

// sourceOf is the name of an account's source.
func sourceOf(account rules.Account) string {
	if account.Focus != "" {
		return "focus"
	}
	return "cloudflare"
}

// newFocus is an account of files that another cloud exports.
func newFocus(e env, account rules.Account) (source, error) { return focus.New(e.path(account.Focus)) }

// channels makes what carries messages, by the name that --notify takes. A new
// notifier is one folder under notifier/ and one line here.
var channels = map[string]func(env) (notifier.Channel, error){
	"slack":  newSlack,
	"stdout": newPrinter,
}

func newCloudflare(e env, account rules.Account) (source, error) {
	token, err := e.accountToken(account)
	if err != nil {
		return nil, err
	}
	client, err := cloudflare.New(cloudflare.Config{
		Token: token, BaseURL: e.getenv("CLOUDFLARE_BASE_URL"), UsagePath: e.getenv("CLOUDFLARE_USAGE_PATH"),
		Transport: e.transport, Log: e.log, Sent: e.clock.heard,
	})
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}

// accountToken is the Cloudflare token of an account.
func (e env) accountToken(account rules.Account) (secret.Value, error) {
	if account.TokenFile != "" {
		return e.secretFile(account.TokenFile)
	}
	token, err := e.secret(account.TokenEnv)
	if err == nil && token.IsZero() {
		err = usageError{fmt.Errorf("account %s: no token: set %s or %s_FILE", account.Name, account.TokenEnv, account.TokenEnv)}
	}
	return token, err
}

func newSlack(e env) (notifier.Channel, error) {
	token, err := e.secret("SLACK_BOT_TOKEN")
	if err != nil {
		return nil, err
	}
	timeout, err := e.duration("SLACK_TIMEOUT")
	if err != nil {
		return nil, err
	}
	if token.IsZero() {
		return newWebhook(e, timeout)
	}
	buttons, err := e.hearsButtons()
	if err != nil {
		return nil, err
	}
	client, err := slack.New(slack.Config{
		Buttons: buttons, Token: token, APIURL: e.getenv("SLACK_API_URL"), Timeout: timeout, Transport: e.transport, Log: e.log,
	})
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}

// hearsButtons reports whether Slack can tell this billbot, or the daemon of the
// same environment, what was pressed: over HTTP or a socket.
func (e env) hearsButtons() (bool, error) {
	for _, name := range []string{"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"} {
		if secret, err := e.secret(name); err != nil || !secret.IsZero() {
			return !secret.IsZero(), err
		}
	}
	return false, nil
}

// newWebhook is Slack without a bot: messages are posted and never edited.
func newWebhook(e env, timeout time.Duration) (notifier.Channel, error) {
	address, err := e.secret("SLACK_WEBHOOK_URL")
	if err != nil {
		return nil, err
	}
	if address.IsZero() {
		return nil, usageError{fmt.Errorf("no Slack token: set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE (or SLACK_WEBHOOK_URL, to post only), or print messages with --notify stdout")}
	}
	transport := e.transport
	if !slack.IsWebhookHost(address) { // Slack's own may be asked through a proxy, as its API is
		if transport, err = e.outside("SLACK_WEBHOOK_URL", address); err != nil {
			return nil, err
		}
	}
	webhook, err := slack.NewWebhook(slack.WebhookConfig{URL: address, Timeout: timeout, Transport: transport, Log: e.log})
	if err != nil {
		return nil, usageError{err}
	}
	e.log.Info("no SLACK_BOT_TOKEN: messages are posted through the webhook, into its channel, and never edited")
	return webhook, nil
}

// slackLag is how long after its deadline a request may still take effect at
// Slack's.
const slackLag = 30 * time.Second

// grace is how long after the start of an attempt its message may still turn
// up.
func (e env) grace() (time.Duration, error) {
	grace, err := e.duration("SLACK_GRACE")
	if err != nil || grace > 0 {
		return grace, err
	}
	timeout, err := e.duration("SLACK_TIMEOUT")
	return cmp.Or(timeout, slack.DefaultTimeout) + slackLag, err
}

// duration reads a duration from the environment; 0 when it is not set.
func (e env) duration(name string) (time.Duration, error) {
	text := e.getenv(name)
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, usageError{fmt.Errorf("%s=%s: not a duration like 10s", name, text)}
	}
	return d, nil
}
