package slack

import (
	"context"
	"errors"
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// approvalBlock is the block of the buttons that answer a question.
const approvalBlock = "action"

// approvalButtons is how the people who are asked answer; nil where nobody is.
// Slack shows them to everybody in the channel: who else presses is told in
// private why nothing came of it.
func approvalButtons(key string, a rules.Alert) slack.Block {
	p := a.Approval
	switch {
	case p == nil || key == "" || len(key) > maxButtonKey || len(p.Approvers) == 0:
		return nil
	case p.State == rules.Waiting && a.On():
		approve := slack.NewButtonBlockElement(actionApprove, key, label("Approve")).WithStyle(slack.StyleDanger).
			WithConfirm(confirmed("Approve the action?", "The webhook "+p.Webhook+" is told to act at once.", "Approve"))
		return slack.NewActionBlock(approvalBlock, approve, slack.NewButtonBlockElement(actionDeny, key, label("Deny")))
	case (p.State == rules.Sent || p.State == rules.Done) && !p.Reverse:
		reverse := slack.NewButtonBlockElement(actionReverse, key, label("Reverse")).
			WithConfirm(confirmed("Reverse the action?", "The webhook "+p.Webhook+" is told to take it back.", "Reverse"))
		return slack.NewActionBlock(approvalBlock, reverse)
	}
	return nil
}

func confirmed(title, text, yes string) *slack.ConfirmationBlockObject {
	return slack.NewConfirmationBlockObject(label(title), label(text), label(yes), label("Cancel"))
}

// approvalLine says how far the action of an alert has come.
func approvalLine(p rules.Approval) string {
	by := ""
	if p.Approver != "" {
		by = ", approved by " + person(p.Approver)
	}
	switch p.State {
	case rules.Waiting:
		return "Action waiting: " + anyOf(p.Approvers) + " can approve or deny it until " + report.Moment(p.Expires)
	case rules.Approved:
		return whatOf(p) + " approved" + byAt(p.Approver, p.At) + "; the webhook is being told"
	case rules.Sent:
		return whatOf(p) + " sent, " + report.Moment(p.At) + by
	case rules.Done:
		return "Action done, " + report.Moment(p.At) + by
	case rules.Denied:
		return "Action denied" + byAt(p.By, p.At)
	case rules.Reversed:
		return "Action reversed, " + report.Moment(p.At) + by
	}
	return "Action expired, " + report.Moment(p.At) + ": nobody answered in time"
}

func whatOf(p rules.Approval) string {
	if p.Reverse {
		return "Reversal of the action"
	}
	return "Action"
}

// anyOf names the people who are asked.
func anyOf(users []string) string {
	const most = 10
	named := make([]string, min(len(users), most))
	for i := range named {
		named[i] = person(users[i])
	}
	if len(users) > most {
		named = append(named, "others")
	}
	return strings.Join(named, " or ")
}

// approvalWord is what happened to an action.
func approvalWord(t rules.EventType) string {
	switch t {
	case rules.ActionWaiting:
		return "Action asked for"
	case rules.ReverseApproved:
		return "Reversal of the action approved"
	}
	return "Action " + strings.TrimPrefix(string(t), "action_")
}

// answer is what a person says about an action, and returns what to say in
// private; nothing where the message itself says it.
func (i *Interactions) answer(ctx context.Context, who Person, asked pressed) Message {
	answer := map[string]rules.Answer{actionApprove: rules.Approve, actionDeny: rules.Deny, actionReverse: rules.Reverse}[asked.action]
	if !userID.MatchString(who.User) {
		return say("It is not known who you are: nothing was done.")
	}
	err := i.config.Answer(ctx, asked.key, who.User, answer, i.config.Now())
	if err == nil {
		i.config.Log.Info("action answered", "alert", asked.key, "user", who.User, "answer", answer)
		return Message{}
	}
	i.config.Log.Warn("refused an answer to an action", "alert", asked.key, "user", who.User, "answer", answer, "reason", err)
	switch {
	case errors.Is(err, rules.ErrNotApprover):
		return say("You may not answer this: nothing was done.", "Who may is listed in action.approve of its rule.")
	case errors.Is(err, rules.ErrLate):
		return say("The question has expired: nothing was done.", "It is asked again if the alert grows worse.")
	case errors.Is(err, rules.ErrNoAction):
		return say("Nothing is asked any more: the rule has no action, or was taken out of the rules file.")
	case errors.Is(err, rules.ErrAlready):
		return say("That is answered already: nothing was done.")
	}
	return i.unchanged(ctx, asked.key, Shown{}, err)
}
