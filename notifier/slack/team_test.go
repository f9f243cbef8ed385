package slack

import (
	"net/http"
	"testing"
	"time"
)

func TestOneWorkspaceMayAsk(t *testing.T) {
	body := commandBody("")
	for team, want := range map[string]int{"": http.StatusOK, "T1": http.StatusOK, "T2": http.StatusForbidden} {
		c := newCommands(t, func(config *CommandsConfig) { config.Team = team })
		w := post(c, http.MethodPost, "/", body, sign(testSecret, body, time.Now()))
		if w.Code != want || want == http.StatusForbidden && w.Body.Len() > 0 {
			t.Errorf("team %q: got %d %s, want %d", team, w.Code, w.Body, want)
		}
	}
}
