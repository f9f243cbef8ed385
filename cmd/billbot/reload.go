package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/billbot/billbot/rules"
)

// reloader keeps the rules in force as the rules file has them: it reads a
// version of the file, checks it, and puts it in the place of the old one, whole,
// between two polls. What cannot be used changes nothing.
type reloader struct {
	env    env
	engine *engine // any version's
	seen   string  // the version that was looked at last
}

func newReloader(e env, eng *engine) *reloader {
	e.clock = eng.clock
	return &reloader{env: e, engine: eng}
}

// look takes up the rules file if it is another than at the last look, or if
// somebody asked for it. Then the accounts' tokens are read anew too.
func (r *reloader) look(ctx context.Context, asked bool) {
	data, unread := r.env.readRules(r.env.rulesFile)
	version := versionOf(data, unread)
	if version == r.seen && !asked {
		return
	}
	r.seen = version
	next, err := r.check(data, unread, asked)
	if err != nil {
		r.refuse(version, err)
		return
	}
	if r.engine.refused.Swap(nil) != nil {
		r.env.log.Info("the rules file is right again", "file", r.env.show(r.env.rulesFile))
	}
	if changes := next.rules.ChangesFrom(r.engine.newest().rules); asked || !changes.Empty() {
		r.swap(ctx, next, changes)
	}
}

// versionOf names what a file holds. That it cannot be read is a version too.
func versionOf(data []byte, err error) string {
	if err != nil {
		data = []byte(err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

// check reads what the file holds, and makes an engine of it. The source of an account that
// is asked as before stays, and with it what it has learnt, unless all are wanted
// anew.
func (r *reloader) check(data []byte, unread error, anew bool) (*engine, error) {
	if unread != nil {
		return nil, unread
	}
	next, err := rules.Load(r.env.show(r.env.rulesFile), data)
	if err != nil {
		return nil, err
	}
	if err := r.env.checkHomes(next, r.engine.channel); err != nil {
		return nil, err
	}
	sources, err := r.env.newSources(next)
	hooks, unmade := r.env.newHooks(next, r.engine.channel)
	if err := errors.Join(err, unmade); err != nil {
		return nil, fmt.Errorf("%w (a running billbot does not see what is set in the environment afterwards: where that is what is missing, start it again)", err)
	}
	now := r.engine.newest()
	for _, account := range now.rules.Accounts {
		if same := accountNamed(next, account.Name); !anew && reflect.DeepEqual(asking(account), asking(same)) {
			sources[account.Name] = now.sources[account.Name]
		}
	}
	return r.engine.under(next, sources, hooks), nil
}

func accountNamed(r *rules.Rules, name string) rules.Account {
	for _, account := range r.Accounts {
		if account.Name == name {
			return account
		}
	}
	return rules.Account{}
}

// asking is what an account's source is made from.
func asking(a rules.Account) rules.Account {
	return rules.Account{Name: a.Name, ID: a.ID, TokenEnv: a.TokenEnv, TokenFile: a.TokenFile, Focus: a.Focus}
}

// swap waits for the sweep that goes on, puts the new version in force, and has
// it judged at once. Nothing is done where billbot stops meanwhile.
func (r *reloader) swap(ctx context.Context, next *engine, changes rules.Changes) {
	eng := r.engine
	eng.sweeping.Lock()
	if ctx.Err() == nil {
		eng.current.Store(next)
		eng.metrics.Watch(accountNames(next.rules))
	}
	eng.sweeping.Unlock()
	if ctx.Err() != nil {
		return
	}
	for _, w := range next.rules.Warnings {
		r.env.log.Warn(w.String())
	}
	r.env.log.Info("rules reloaded", told(changes)...)
	eng.setup.again()
	if eng.repoll == nil {
		return
	}
	if err := eng.repoll(next.rules.Poll); err != nil && ctx.Err() == nil {
		r.env.log.Error("rules reloaded", "err", err)
	}
}

// told is for the log what a change does.
func told(c rules.Changes) (said []any) {
	for _, part := range []struct {
		name  string
		names []string
	}{
		{"rules_added", c.Rules.Added}, {"rules_removed", c.Rules.Removed}, {"rules_changed", c.Rules.Changed},
		{"accounts_added", c.Accounts.Added}, {"accounts_removed", c.Accounts.Removed}, {"accounts_changed", c.Accounts.Changed},
		{"settings_changed", c.Settings},
	} {
		if len(part.names) > 0 {
			said = append(said, part.name, strings.Join(part.names, ", "))
		}
	}
	if said == nil {
		return []any{"changed", "nothing"}
	}
	return said
}
