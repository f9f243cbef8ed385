package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// classify says what an error of a call means for the message. maybe tells
// whether Slack may have received the request.
func classify(err error, to address, maybe bool) notifier.Outcome {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return retry(fmt.Errorf("sending to %s: Slack asks to wait %s", channelName(to), limited.RetryAfter), limited.RetryAfter)
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return byStatus(status, to)
	}
	if answer, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return byCode(answer, to)
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		if maybe && !notReached(err) {
			return down(notifier.Outcome{Class: notifier.Ambiguous, Err: network(err, to)})
		}
		return down(retry(network(err, to), 0))
	}
	return down(notifier.Outcome{Class: notifier.Ambiguous, Err: fmt.Errorf("reading Slack's answer about %s: %w", channelName(to), err)})
}

// down marks an outcome that is not about the message: Slack, or what is in
// between, answers nothing sensible.
func down(o notifier.Outcome) notifier.Outcome {
	o.Down = true
	return o
}

func retry(err error, after time.Duration) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Retry, Err: err, RetryAfter: after}
}

// byStatus judges an HTTP status other than 200 and 429. Slack answers 200 to
// whatever it handled, so other statuses below 500 come from something in
// between, which did not pass the message on.
func byStatus(status slack.StatusCodeError, to address) notifier.Outcome {
	err := fmt.Errorf("sending to %s: HTTP status %d", channelName(to), status.Code)
	switch {
	case status.Code >= 500 || status.Code == http.StatusRequestTimeout:
		return down(notifier.Outcome{Class: notifier.Ambiguous, Err: err})
	case status.Code >= 300 && status.Code < 400:
		err = fmt.Errorf("%w: a redirect, which is not followed; check SLACK_API_URL and the proxy", err)
	}
	return down(retry(err, 0))
}

// byCode judges an answer with ok:false.
func byCode(answer slack.SlackErrorResponse, to address) notifier.Outcome {
	if closesChannel(answer.Err) {
		return notifier.Outcome{Class: notifier.Closed, Pauses: notifier.PauseChannel, Err: explained(answer, to)}
	}
	class := classOf(answer.Err)
	outcome := notifier.Outcome{Class: class, Err: explained(answer, to), Down: isTrouble(answer.Err)}
	if class == notifier.Retry {
		outcome.RetryAfter = defaultWait * time.Second
	}
	return outcome
}

// isTrouble reports whether a code is about Slack rather than about the message.
func isTrouble(code string) bool {
	switch code {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
		return true
	}
	return false
}

// closesChannel reports whether a code says that this channel takes nothing
// until a person mends it. It is not the message's fault, so the message is
// kept: whoever invites the bot gets what was to be said.
func closesChannel(code string) bool {
	switch code {
	case "channel_not_found", "not_in_channel", "is_archived":
		return true
	}
	return strings.HasPrefix(code, "restricted_action")
}

// classOf sorts Slack's error codes other than those of a channel. One that is not known may be about a
// message that was accepted.
func classOf(code string) notifier.Class {
	switch code {
	case "ratelimited", "rate_limited":
		return notifier.Retry
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
		"missing_scope", "no_permission", "not_allowed_token_type", "org_login_required",
		"ekm_access_denied", "team_access_not_granted":
		return notifier.Closed
	case "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long", "no_text",
		"cant_update_message", "message_not_found", "edit_window_closed",
		"invalid_arguments", "metadata_too_large", "invalid_metadata_format":
		return notifier.Refused
	}
	return notifier.Ambiguous
}

// refusesLayout reports whether a message without blocks may pass.
func refusesLayout(code string) bool {
	switch code {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long":
		return true
	case "invalid_attachments": // its word for a table that it does not take
		return true
	case "invalid_payload": // a webhook's word for it
		return true
	}
	return false
}

func slackCode(err error) string {
	answer, _ := errors.AsType[slack.SlackErrorResponse](err)
	return answer.Err
}

// explained turns Slack's code into what happened and what to do.
func explained(answer slack.SlackErrorResponse, to address) error {
	return fmt.Errorf("sending to %s: %w", channelName(to), reason(answer, to))
}

// reason is Slack's code, and what to do.
func reason(answer slack.SlackErrorResponse, to address) error {
	code := report.Name(answer.Err, 60)
	if advice := adviceFor(answer.Err, to); advice != "" {
		return fmt.Errorf("%s: %s", code, advice)
	}
	if detail := strings.Join(answer.ResponseMetadata.Messages, "; "); detail != "" {
		return fmt.Errorf("%s: %s", code, report.Name(detail, 300))
	}
	if answer.Needed != "" {
		return fmt.Errorf("%s: add the scope %s and reinstall the app", code, report.Name(answer.Needed, 100))
	}
	return errors.New(code)
}

func adviceFor(code string, to address) string {
	switch code {
	case "not_in_channel":
		return "invite @billbot to " + channelName(to)
	case "channel_not_found":
		return "check the name, and if the channel is private invite @billbot to " + channelName(to)
	case "is_archived":
		return "the channel is archived: unarchive it, or name another one in the rules file"
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive":
		return "the bot token is no longer valid: reinstall the app and set SLACK_BOT_TOKEN anew"
	case "not_allowed_token_type":
		return "SLACK_BOT_TOKEN must be a bot token (xoxb-)"
	case "cant_update_message":
		return "the message was posted by another app, or by an earlier install of this one"
	case "edit_window_closed":
		return "the workspace does not allow editing this message, or not any more"
	}
	if strings.HasPrefix(code, "restricted_action") {
		return "the workspace does not let apps post here: ask its admins, or name another channel"
	}
	return ""
}

func channelName(to address) string {
	if to.name != "" {
		return report.Name(to.name, 80)
	}
	return report.Name(to.channel, 80)
}
