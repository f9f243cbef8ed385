package slack

import (
	"slices"
	"sync"
)

// App is the Slack app that is answered, by the IDs that Slack gave it. It is
// learnt while billbot runs: from a socket's greeting, and from who the bot
// token says it is of. The zero App is ready, knows nothing and admits
// everything; nil does the same for ever.
type App struct {
	mu   sync.Mutex
	ids  []string
	team string
}

// LearnTeam takes in the workspace that the bot token is of; "" is none.
func (a *App) LearnTeam(id string) {
	if a == nil || id == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.team = id
}

// Team is the workspace that the bot token is of; "" where that is not known.
func (a *App) Team() string {
	if a == nil {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.team
}

// Learn takes in an ID; "" is none.
func (a *App) Learn(id string) {
	if a == nil || id == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.ids, id) {
		a.ids = append(a.ids, id)
	}
}

// IDs is what is known, oldest first. There are two where the bot token is of
// one app and the app-level token of another.
func (a *App) IDs() []string {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.ids)
}

// admits reports whether what came is of the app. What names no app, and what
// comes before one is known, is judged by its signature or socket alone.
func (a *App) admits(id string) bool {
	known := a.IDs()
	return id == "" || len(known) == 0 || slices.Contains(known, id)
}
