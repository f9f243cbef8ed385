package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

// The form for "expected until a date".
const (
	expectForm  = "alert_expect"
	fieldUntil  = "until"
	fieldReason = "reason"
	fieldInput  = "value" // the element in each field
)

// formOrigin is kept in the form: what it is about, and where it was opened.
type formOrigin struct {
	Key         string `json:"key"`
	Channel     string `json:"channel,omitempty"`
	ChannelName string `json:"name,omitempty"`
	Home        bool   `json:"home,omitempty"` // in App Home, which is to be shown anew
}

// open opens the form for who may fill it in.
func (i *Interactions) open(ctx context.Context, p slack.InteractionCallback, who Person, key string) Message {
	shown, refused, ok := i.find(ctx, who, key)
	if !ok {
		return refused
	}
	if !anyOn(shown.Alerts) {
		return i.unchanged(ctx, key, shown, rules.ErrOver)
	}
	if i.config.Client == nil {
		return say("No form can be opened without a bot token.")
	}
	origin := formOrigin{key, who.Channel, who.ChannelName, isHome(p)}
	if err := i.config.Client.open(ctx, p.TriggerID, expectView(origin, shown.Alerts, i.config.Now())); err != nil {
		i.config.Log.Warn("could not open a form", "alert", key, "user", who.User, "error", err)
		return say("The form could not be opened. Try again.")
	}
	return Message{}
}

func anyOn(alerts []rules.Alert) bool {
	for _, a := range alerts {
		if a.On() {
			return true
		}
	}
	return false
}

// expectView is the form. It proposes the end of the period, or a week.
func expectView(origin formOrigin, alerts []rules.Alert, now time.Time) slack.ModalViewRequest {
	kept, _ := json.Marshal(origin) // texts always encode
	until := now.AddDate(0, 0, 7)
	if end := PeriodEnd(alerts); end.After(now) {
		until = end.AddDate(0, 0, -1)
	}
	date := slack.NewDatePickerBlockElement(fieldInput)
	date.InitialDate = fetcher.DayOf(until).String()
	reason := slack.NewPlainTextInputBlockElement(label("A backfill of last year's orders"), fieldInput)
	reason.MaxLength = 500
	blocks := []slack.Block{lines(append(headlines(Shown{Alerts: alerts}),
		"The channel does not hear of it until then, unless it becomes critical. Its message stays true, and the summary tells it.")...)}
	blocks = append(blocks,
		slack.NewInputBlock(fieldUntil, label("Expected through (UTC)"), nil, date),
		slack.NewInputBlock(fieldReason, label("Why"), label("Everyone in the channel sees it."), reason))
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: expectForm, PrivateMetadata: string(kept),
		Title: label("Expected"), Submit: label("Save"), Close: label("Cancel"),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
}

// open opens a form; the trigger is good for three seconds.
func (c *Client) open(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	view, broken, err := blockkit.FitModal(view)
	logCut(c.log, broken, "form", view.CallbackID)
	if err != nil {
		return err
	}
	_, err = c.api.OpenViewContext(ctx, trigger, view)
	if answer, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return explained(answer, address{name: "the form"})
	}
	if err != nil {
		return c.token.ScrubError(network(err, address{name: "the form"}))
	}
	return nil
}

// submit takes a form that was filled in. What is wrong with it is said in it.
func (i *Interactions) submit(ctx context.Context, p slack.InteractionCallback) (any, error) {
	if p.View.CallbackID != expectForm {
		return nil, errors.New("a form that billbot does not know")
	}
	var origin formOrigin
	if err := json.Unmarshal([]byte(p.View.PrivateMetadata), &origin); err != nil || origin.Key == "" {
		return nil, errors.New("a form that does not say what it is about")
	}
	until, reason, problem := filledIn(p.View.State)
	if problem != nil {
		return problem, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	who := Person{p.User.ID, origin.Channel, origin.ChannelName}
	shown, refused, ok := i.find(ctx, who, origin.Key)
	if !ok {
		return wrongField(fieldUntil, PlainText(refused)), nil
	}
	if err := i.config.Expect(ctx, origin.Key, who.User, reason, until, i.config.Now()); err != nil {
		return i.notTaken(ctx, origin.Key, shown, err), nil
	}
	i.config.Log.Info("alert expected", "alert", origin.Key, "user", who.User)
	if origin.Home {
		i.behind("App Home", func(ctx context.Context) { i.showHome(ctx, who.User) })
	}
	return nil, nil
}

// filledIn reads the fields of the form.
func filledIn(state *slack.ViewState) (until fetcher.Day, reason string, problem any) {
	field := func(name string) slack.BlockAction {
		if state == nil {
			return slack.BlockAction{}
		}
		return state.Values[name][fieldInput]
	}
	until, err := fetcher.ParseDay(field(fieldUntil).SelectedDate)
	if err != nil {
		return 0, "", wrongField(fieldUntil, "Choose a day.")
	}
	reason = strings.TrimSpace(field(fieldReason).Value)
	if reason == "" {
		return 0, "", wrongField(fieldReason, "Say why: it is what others will see.")
	}
	return until, reason, nil
}

// notTaken says in the form why it cannot be so.
func (i *Interactions) notTaken(ctx context.Context, key string, shown Shown, err error) any {
	switch {
	case errors.Is(err, rules.ErrPast):
		return wrongField(fieldUntil, fmt.Sprintf("That day is past. Today is %s (UTC).", fetcher.DayOf(i.config.Now())))
	case errors.Is(err, rules.ErrFar):
		return wrongField(fieldUntil, "That is more than a year ahead.")
	case errors.Is(err, rules.ErrNoReason):
		return wrongField(fieldReason, "Say why: it is what others will see.")
	}
	return wrongField(fieldUntil, PlainText(i.unchanged(ctx, key, shown, err)))
}

func wrongField(field, text string) any {
	return slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})
}
