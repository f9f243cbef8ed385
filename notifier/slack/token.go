package slack

import (
	"errors"
	"strings"

	"github.com/billbot/billbot/fetcher/secret"
)

const whereBotToken = ": SLACK_BOT_TOKEN wants the bot token (xoxb-), under OAuth & Permissions of the app"

// checkBotToken refuses what can be no bot token, by its first letters. Whether
// the token works only Slack knows.
func checkBotToken(token secret.Value) error {
	if token.IsZero() {
		return errors.New("no Slack bot token: set SLACK_BOT_TOKEN")
	}
	for _, kind := range []struct{ prefix, what string }{
		{"xapp-", "that is an app-level token (xapp-)"},
		{"xoxp-", "that is a user token (xoxp-), and messages would be in that person's name"},
		{"xoxe.xoxp-", "that is a user token (xoxe.xoxp-), and messages would be in that person's name"},
		{"xoxe-", "that is a refresh token (xoxe-)"},
		{"xoxc-", "that is the token of somebody's browser (xoxc-)"},
		{"xoxs-", "that is the token of somebody's client (xoxs-)"},
		{"https://", "that is an address; a webhook goes into SLACK_WEBHOOK_URL"},
	} {
		if strings.HasPrefix(token.Reveal(), kind.prefix) {
			return errors.New(kind.what + whereBotToken)
		}
	}
	return nil
}
