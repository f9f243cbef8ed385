package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Action is a button that can be pressed, or a choice of a menu.
type Action struct {
	ID      string // action_id
	BlockID string
	Value   string
	Menu    bool // an overflow menu
}

// Find finds a button in a message's blocks by its action ID, or a choice of a
// menu by the word that its value begins with.
func Find(blocks, action string) (Action, bool) {
	var all []json.RawMessage
	json.Unmarshal([]byte(blocks), &all)
	for _, one := range all {
		var b block
		json.Unmarshal(one, &b) // of another shape it has no buttons
		if b.Accessory != nil {
			b.Elements = append(b.Elements, *b.Accessory)
		}
		for _, e := range b.Elements {
			if found, is := e.find(b.BlockID, action); is {
				return found, true
			}
		}
	}
	return Action{}, false
}

type block struct {
	BlockID   string `json:"block_id"`
	Elements  []element
	Accessory *element
}

type element struct {
	ActionID string `json:"action_id"`
	Value    string
	Options  []struct{ Value string }
}

func (e element) find(block, action string) (Action, bool) {
	if e.ActionID == action && action != "" && len(e.Options) == 0 {
		return Action{ID: action, BlockID: block, Value: e.Value}, true
	}
	for _, o := range e.Options {
		if strings.HasPrefix(o.Value, action+" ") {
			return Action{ID: e.ActionID, BlockID: block, Value: o.Value, Menu: true}, true
		}
	}
	return Action{}, false
}

// told is an action as Slack tells of it.
func (a Action) told() map[string]any {
	told := map[string]any{
		"action_id": a.ID, "block_id": a.BlockID, "type": "button", "value": a.Value, "action_ts": fmt.Sprintf("%d.000000", time.Now().Unix()),
	}
	if a.Menu {
		delete(told, "value")
		told["type"], told["selected_option"] = "overflow", map[string]any{"value": a.Value}
	}
	return told
}
