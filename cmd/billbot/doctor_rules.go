package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/billbot/billbot/rules"
)

// mostLooked is how many accounts are looked at where none is named: Cloudflare
// counts each request, and nobody reads more.
const mostLooked = 20

// readRules reads the rules file. What is wrong with it is counted and not
// repeated: billbot check says it better, and redacting needs the names in it.
func (d *doctor) readRules() {
	file := d.on("rules")
	if _, err := os.Stat(d.env.rulesFile); errors.Is(err, fs.ErrNotExist) {
		file.fail(`"billbot init" makes one, --rules names another`, "there is no rules file")
		return
	}
	r, err := d.env.loadRules()
	if problems, bad := errors.AsType[rules.Problems](err); bad && len(problems) > 0 {
		file.fail(`"billbot check" lists them`, "%s in the rules file, the first in line %d", ours(count(len(problems), "mistake")), problems[0].Line)
		return
	}
	if err != nil {
		file.fail("see that it can be read", "%s", err)
		return
	}
	d.rules = r
	d.hideNames(r)
	file.ok("%s, %s, a poll every %s", ours(count(len(r.Accounts), "account")), ours(count(len(r.Rules), "rule")), ours(r.Poll.String()))
	if n := len(r.Warnings); n > 0 {
		file.warn(`"billbot check" lists them`, "%s about the rules", ours(count(n, "warning")))
	}
	if len(r.Accounts) == 0 {
		file.fail("add one below accounts:", "there is no account to watch")
	}
	if account, found := homeless(r); found {
		d.of(account.Name, "channel").warn("set slack.channel, or channel in the account", "messages about it have nowhere to go")
	}
}

// hideNames has what the rules file calls things stand as what they are.
func (d *doctor) hideNames(r *rules.Rules) {
	for _, a := range r.Accounts {
		d.hide.hide("account", a.Name)
		d.hide.hide("id", a.ID)
		d.hide.hidePath(a.Focus)
		d.hide.hidePath(a.TokenFile)
		if a.TokenEnv != "CLOUDFLARE_API_TOKEN" {
			d.hide.hide("variable", a.TokenEnv)
		}
		for _, tag := range a.Tags {
			d.hide.hide("tag", tag)
		}
	}
	for _, channel := range channelsOf(r) {
		d.hide.hide("channel", channel)
	}
	for _, rule := range r.Rules {
		d.hide.hide("rule", rule.Name)
		for _, zone := range rule.Match.Zones {
			d.hide.hide("zone", zone.Text)
		}
	}
}

// accounts is those to look at.
func (d *doctor) accounts() ([]rules.Account, error) {
	if d.rules == nil {
		return nil, nil
	}
	all := d.rules.Accounts
	if d.only != "" {
		i := slices.IndexFunc(all, func(a rules.Account) bool { return a.Name == d.only || a.ID == d.only })
		if i < 0 {
			return nil, usageError{fmt.Errorf("no account %q in the rules file", d.only)}
		}
		return all[i : i+1], nil
	}
	if len(all) > mostLooked {
		d.on("rules").warn("look at others with --account NAME", "%d of %d accounts are looked at", mostLooked, len(all))
		all = all[:mostLooked]
	}
	return all, nil
}
