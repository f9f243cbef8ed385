package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

type manifestCmd struct {
	HTTP string `name:"http" help:"Have Slack call billbot at this address, https://..., instead of Socket Mode." placeholder:"URL"`
}

func (*manifestCmd) local() {}

// Help is what billbot manifest --help adds.
func (*manifestCmd) Help() string {
	return `At api.slack.com/apps choose Create New App, From a manifest, and paste what this
prints. Install the app to the workspace; SLACK_BOT_TOKEN is under OAuth & Permissions.
SLACK_APP_TOKEN is made under Basic Information, App-Level Tokens, with the scope
connections:write: a manifest cannot hold it. With --http it is not needed, and
SLACK_SIGNING_SECRET is under Basic Information, App Credentials.

    billbot manifest
    billbot manifest --http https://billbot.example.com`
}

// Run prints the manifest of the Slack app.
func (c *manifestCmd) Run(_ context.Context, e env) error {
	base, err := publicAddress(c.HTTP)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprint(e.stdout, manifest(base))
	return nil
}

// publicAddress checks an address under which Slack is to reach billbot; "" is
// none. It has no slash at its end.
func publicAddress(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return "", fmt.Errorf("--http %q: not an address like https://billbot.example.com", address)
	case u.Scheme != "https":
		return "", errors.New("--http: Slack calls https addresses only")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("--http: no user, query or fragment: Slack's paths are added to the address")
	case len(address) > maxPublicAddress:
		return "", fmt.Errorf("--http: longer than %d characters", maxPublicAddress)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// maxPublicAddress leaves room for Slack's paths: a request URL has 3,000
// characters at most.
const maxPublicAddress = 2900

// manifest is the Slack app in YAML: over Socket Mode, or, where base is not "",
// over HTTP below that address.
//
// The command has no should_escape: what is typed is read as it was typed, and
// would have to be read back from <@U...> and <#C...> otherwise.
func manifest(base string) string {
	request := func(indent, key, path string) string {
		if base == "" {
			return ""
		}
		return fmt.Sprintf("%s%s: %q\n", indent, key, base+path)
	}
	return `_metadata:
  major_version: 2
  minor_version: 1
display_information:
  name: billbot
  description: Tells what Cloudflare will bill when a person should know
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: false
  bot_user:
    display_name: billbot
    always_online: true
  slash_commands:
    - command: /spend
      description: What Cloudflare will bill
      usage_hint: "[today|week|month|by service|budgets|alerts|help]"
` + request("      ", "url", "/slack/commands") + `oauth_config:
  scopes:
    bot:
      - chat:write       # post, edit, and answer in threads
      - commands         # /spend
      - channels:read    # see whether billbot is in its channels
      - groups:read      # the same of private channels
      - usergroups:read  # who is in the groups that slack.access names
      # Slack cannot be asked to take a message only once. Where its answer to a post
      # is lost, billbot looks whether the message is there before it posts again,
      # which takes the next two (the second for private channels). They let billbot
      # read the channels it is in. Without them such a message is sent once more, and
      # may stand there twice.
      # - channels:history
      # - groups:history
settings:
  interactivity:
    is_enabled: true
` + request("    ", "request_url", "/slack/interactions") + `  event_subscriptions:
` + request("    ", "request_url", "/slack/events") + `    bot_events:
      - app_home_opened
  socket_mode_enabled: ` + fmt.Sprint(base == "") + `
  org_deploy_enabled: false
  token_rotation_enabled: false
`
}
