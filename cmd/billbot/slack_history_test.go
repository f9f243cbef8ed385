package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// scopeOf is what a method asks for beside a token.
var scopeOf = map[string]string{
	"conversations.history": "channels:history", "conversations.replies": "channels:history", "users.conversations": "channels:read",
}

// read answers what looks. As Slack does, it knows channels by ID alone, leaves
// replies that the channel was not shown out of its history, and has no message
// before it is accepted.
func (f *fakeSlack) read(w http.ResponseWriter, r *http.Request, method string) {
	if scope := scopeOf[method]; f.scopes != nil && !f.scopes[scope] {
		fmt.Fprintf(w, `{"ok":false,"error":"missing_scope","needed":%q}`, scope)
		return
	}
	if method == "users.conversations" {
		channels := []map[string]string{{"id": "CCLOUD-SPEND", "name": "cloud-spend"}}
		for n := range 50 {
			channels = append(channels, map[string]string{"id": fmt.Sprint("CC", n), "name": fmt.Sprint("c", n)})
		}
		json.NewEncoder(w).Encode(map[string]any{"ok": true, "channels": channels})
		return
	}
	if !strings.HasPrefix(r.FormValue("channel"), "C") {
		fmt.Fprint(w, `{"ok":false,"error":"channel_not_found"}`)
		return
	}
	found := []map[string]any{}
	for _, m := range slices.Backward(f.messages) {
		if m.shownTo(r, method) {
			found = append(found, map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "metadata": m.Metadata})
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"ok": true, "messages": found})
}

func (m *slackMessage) shownTo(r *http.Request, method string) bool {
	if m.Channel != r.FormValue("channel") || m.TS < r.FormValue("oldest") || time.Now().Before(m.from) {
		return false
	}
	if method == "conversations.replies" {
		return m.TS == r.FormValue("ts") || m.Thread == r.FormValue("ts")
	}
	return m.Thread == "" || m.Broadcast
}

// granting sets which scopes the app has beside chat:write; nil means all.
func (f *fakeSlack) granting(scopes map[string]bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scopes = scopes
}
