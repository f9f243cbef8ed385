package notifier

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClosures(t *testing.T) {
	begun := func(channel string) Item { return Item{Channel: channel}.Begun(t0) }
	shut := func(channel, why string, pauses Pause) Item {
		return begun(channel).failed(Outcome{Class: Closed, Err: errors.New(why), Pauses: pauses}, t0)
	}
	dead := shut("#dead", "is_archived", PauseChannel)
	dead.State = Dead
	again := shut("#a", "is_archived", PauseChannel).Begun(t0).failed(Outcome{Class: Retry}, t0)
	for name, tt := range map[string]struct {
		items []Item
		want  []Closure
	}{
		"nothing":             {nil, nil},
		"failing, not closed": {[]Item{begun("#a").failed(Outcome{Class: Ambiguous}, t0), again, dead}, nil},
		"a channel": {
			[]Item{begun("#b"), shut("#a", "is_archived", PauseChannel), begun("#a"), shut("#a", "newer", PauseChannel)},
			[]Closure{{"#a", "is_archived", 3}},
		},
		"everything": {
			[]Item{shut("#a", "token_revoked", PauseAll), begun("#b")},
			[]Closure{{"", "token_revoked", 2}},
		},
		"being tried": {[]Item{shut("#a", "is_archived", PauseChannel).Begun(t0)}, []Closure{{"#a", "is_archived", 1}}},
	} {
		if diff := cmp.Diff(tt.want, Closures(tt.items)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
