package blockkit

import (
	"fmt"

	"github.com/slack-go/slack"
)

// CheckHome returns the limits that App Home breaks.
func CheckHome(v slack.HomeTabViewRequest) []Broken {
	_, broken, _ := FitHome(v)
	return broken
}

// CheckModal returns the limits that a form breaks.
func CheckModal(v slack.ModalViewRequest) []Broken {
	_, broken, _ := FitModal(v)
	return broken
}

// FitHome is [Fit] for App Home. It is an error when what is kept with the view,
// which nobody reads, is too long: a part of it would not do.
func FitHome(v slack.HomeTabViewRequest) (slack.HomeTabViewRequest, []Broken, error) {
	page, broken := Fit(Page{On: InHome, Blocks: v.Blocks.BlockSet})
	v.Blocks.BlockSet = page.Blocks
	kept := keptWith(v.PrivateMetadata, v.CallbackID, v.ExternalID)
	return v, append(broken, kept...), tooLong(kept)
}

// FitModal is [Fit] for a form, its title and its buttons. It is an error when
// what comes back with the form is too long: a part of it would not do.
func FitModal(v slack.ModalViewRequest) (slack.ModalViewRequest, []Broken, error) {
	fitted := Page{On: InModal, Blocks: v.Blocks.BlockSet}
	m := mend(&fitted)
	title := m.words("view title", "title", v.Title, MaxViewTitle)
	submit := m.text("view button", "submit", v.Submit, MaxViewTitle)
	closing := m.text("view button", "close", v.Close, MaxViewTitle)
	if len(m.broken) > 0 {
		v.Title, v.Submit, v.Close, v.Blocks.BlockSet = title, submit, closing, fitted.Blocks
	}
	kept := keptWith(v.PrivateMetadata, v.CallbackID, v.ExternalID)
	return v, append(m.broken, kept...), tooLong(kept)
}

// keptWith is what breaks a limit of what is kept with a view.
func keptWith(private, callback, external string) []Broken {
	var m mender
	m.whole("private_metadata", "private_metadata", private, MaxPrivateMetadata)
	m.whole("callback_id", "callback_id", callback, MaxID)
	m.whole("external_id", "external_id", external, MaxID)
	return m.broken
}

func tooLong(kept []Broken) error {
	if len(kept) == 0 {
		return nil
	}
	return fmt.Errorf("a view that Slack would not take: %s", Told(kept))
}
