package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/rules"
)

// askWithin is how long a source may take to answer one question.
const askWithin = 20 * time.Second

// asked looks at the tokens, and asks each account's source what billbot would.
func (d *doctor) asked(ctx context.Context, accounts []rules.Account) {
	for _, account := range accounts {
		src, err := sources[sourceOf(account)](d.env, account)
		if err != nil {
			d.of(account.Name, "token").fail("see README, \"Use it for your account\"", "%s", err)
			continue
		}
		client, is := src.(*cloudflare.Client)
		if !is {
			d.fetched(ctx, account, src)
			continue
		}
		d.usage(ctx, account, client)
		client.Close()
	}
}

// fetched looks at a source of files.
func (d *doctor) fetched(ctx context.Context, account rules.Account, src source) {
	answer, err := src.Fetch(ctx, ref(account), 0, 0, d.now)
	if err != nil {
		d.of(account.Name, "files").fail("see that the files are there and have FOCUS columns", "%s", err)
		return
	}
	d.of(account.Name, "files").ok("%s", ours(count(len(answer.Charges), "row")))
}

// usage asks Cloudflare for an account's usage, which takes the one permission
// that billbot needs, and says what the token is.
func (d *doctor) usage(ctx context.Context, account rules.Account, client *cloudflare.Client) {
	t := d.of(account.Name, "token")
	token, _ := d.env.accountToken(account) // the client was made with it
	kind := cloudflare.KindOf(token)
	if kind == cloudflare.GlobalKey {
		t.fail(makeToken, "it is a Global API Key, which may do everything and is not taken here")
		return
	}
	asking, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	answer, err := client.Usage(asking, ref(account), 0, 0, d.now)
	if err != nil {
		d.refused(account, kind, err)
		return
	}
	t.ok("%s, and it has Account > Billing > Read", ours(kind))
	newest := "no rows"
	if day := (fetcher.Ledger{Charges: answer.Charges}).Through(); !day.IsZero() {
		newest = count(len(answer.Charges), "row") + ", the newest of " + day.String()
	}
	d.of(account.Name, "usage").ok("%s answers with %s", ours(d.usagePath()), ours(newest))
	d.terms(ctx, account, client)
}

// makeToken is what to do about a token that cannot do.
const makeToken = "make a custom API token with the one permission Account > Billing > Read, limited to the account"

// usagePath is where usage is asked for.
func (d *doctor) usagePath() string {
	path := cloudflare.UsagePath
	if set := d.env.getenv("CLOUDFLARE_USAGE_PATH"); set != "" {
		path = set
	}
	if d.env.getenv("CLOUDFLARE_BASE_URL") != "" {
		path += " (at CLOUDFLARE_BASE_URL)"
	}
	return path
}

// refused says why there is no usage, and what to do.
func (d *doctor) refused(account rules.Account, kind cloudflare.TokenKind, err error) {
	token, usage := d.of(account.Name, "token"), d.of(account.Name, "usage")
	var known interface{ Fault() fetcher.Fault }
	fault := fetcher.FaultSource
	if errors.As(err, &known) {
		fault = known.Fault()
	}
	switch e, _ := errors.AsType[*cloudflare.Error](err); {
	case fault == fetcher.FaultToken && e != nil && e.Status == 403:
		token.fail(makeToken, "%s, and it lacks Account > Billing > Read: %s", ours(kind), err)
	case fault == fetcher.FaultToken:
		token.fail(makeToken, "%s, and Cloudflare refuses it: %s", ours(kind), err)
	case fault == fetcher.FaultNetwork:
		usage.fail("see that this machine reaches api.cloudflare.com, its proxy and its DNS", "Cloudflare was not reached: %s", err)
		token.warn("ask again when it is reached", "%s; whether it works is not known without the network", ours(kind))
		d.of(account.Name, "covered").warn("ask again when it is reached", "not known without the network")
		return
	case fault == fetcher.FaultAddress:
		usage.fail("check the account's ID, and CLOUDFLARE_USAGE_PATH: "+cloudflare.UsagePath+" or "+cloudflare.UsagePathPayGo, "%s is not there: %s", ours(d.usagePath()), err)
	case fault == fetcher.FaultBusy:
		usage.warn("wait: billbot does so by itself", "%s", err)
	default:
		usage.fail("try again in a while; if it stays, report what is said here", "%s", err)
	}
	d.of(account.Name, "covered").warn("mend that first", "not asked, as usage was refused")
}

// terms looks whether the API serves the account, and when its periods begin.
func (d *doctor) terms(ctx context.Context, account rules.Account, client *cloudflare.Client) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	terms, err := client.Info(ctx, ref(account))
	t := d.of(account.Name, "covered")
	switch {
	case errors.Is(err, cloudflare.ErrUnavailable):
		t.ok("Cloudflare does not say, as of many accounts")
	case err != nil:
		t.warn("try again in a while", "%s", err)
	case terms.Covered == nil:
		t.ok("Cloudflare does not say")
	case !*terms.Covered:
		t.fail("this kind of account has no usage in the API: billbot cannot watch it", "false: the usage API does not serve the account")
	default:
		t.ok("true")
	}
	if len(terms.Anchors) > 0 {
		var days []string
		for _, day := range terms.Anchors {
			days = append(days, day.String())
		}
		d.of(account.Name, "anchors").ok("subscriptions began on %s", ours(strings.Join(days, ", ")))
	}
}

// clock compares this machine's clock with Cloudflare's, once that was heard.
func (d *doctor) clock() {
	t, last := d.on("clock"), d.env.clock.last.Load()
	switch {
	case last == nil && d.rules != nil && len(d.rules.Accounts) > 0:
		t.warn("ask again with the network", "not compared, as no answer of Cloudflare said what time it is")
	case last == nil:
		return
	case last.Abs() > mostSkew:
		t.fail("set it right: budgets and Slack's signatures go by it", "%s", ours(d.env.clock.trouble()))
	case last.Abs() > mostSkew/10:
		t.warn("set it right before it is worse", "%s off Cloudflare's", ours(last.Abs().String()))
	default:
		t.ok("within %s of Cloudflare's", ours((last.Abs() + time.Second).String()))
	}
}
