package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/billbot/billbot/fetcher"
)

// Usage asks for an account's usage rows of the days from to to, both
// included. A zero day is left out of the question; without both Cloudflare
// answers with the current billing period, and sometimes with the one before.
// Days that do not include the first day of a subscription's billing period
// bring nothing of that subscription, without an error.
//
// now becomes the answer's FetchedAt. An error is an [*Error].
func (c *Client) Usage(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error) {
	q := question{op: "get usage", account: account, path: c.usagePath, query: daysQuery(from, to), tries: maxTries}
	body, err := c.get(ctx, q)
	if err != nil {
		return fetcher.Answer{}, err
	}
	defer c.bodies.done(body)
	usage, err := DecodeUsage(c.token.ScrubBytes(body.Bytes()))
	if err != nil {
		return fetcher.Answer{}, c.misread(q, err)
	}
	return fetcher.Answer{
		FetchedAt: now,
		Hash:      hashOf(body.Bytes()),
		From:      from,
		To:        to,
		Charges:   usage.Charges,
		Missing:   usage.Missing,
	}, nil
}

// hashOf tells one body from another. Nobody gains by two bodies that share a
// hash, and one that would keep them from it takes a fifth of all that fetching
// and decoding take.
func hashOf(body []byte) string { return fmt.Sprintf("%016x", xxhash.Sum64(body)) }

func daysQuery(from, to fetcher.Day) url.Values {
	query := url.Values{}
	if !from.IsZero() {
		query.Set("from", from.String())
	}
	if !to.IsZero() {
		query.Set("to", to.String())
	}
	return query
}

// Fetch asks for usage as [Client.Usage] does and then, in a look at the
// present, when neither day is given, for what [Client.Info] and
// [Client.Profile] know, which becomes the answer's Terms.
//
// Only the usage can fail. The rest is asked for once a day, without further
// tries, and what could not be learnt stays unknown and is logged: at debug
// level where that is normal ([ErrUnavailable]), else as a warning.
func (c *Client) Fetch(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error) {
	answer, err := c.Usage(ctx, account, from, to, now)
	if err != nil || !from.IsZero() || !to.IsZero() || !c.terms.due(account.ID, now) {
		return answer, err
	}
	terms, err := c.info(ctx, account, 1)
	c.note(ctx, account, err)
	profile, profileErr := c.profile(ctx, account, 1)
	c.note(ctx, account, profileErr)
	if conclusive(err) && conclusive(profileErr) {
		c.terms.learnt(account.ID, now)
	}
	terms.NextBillDate = profile.NextBillDate
	answer.Terms = terms
	return answer, nil
}

// conclusive reports whether asking again soon would tell nothing new.
func conclusive(err error) bool { return err == nil || errors.Is(err, ErrUnavailable) }

func (c *Client) note(ctx context.Context, account fetcher.Account, err error) {
	if err == nil {
		return
	}
	level := slog.LevelWarn
	if errors.Is(err, ErrUnavailable) {
		level = slog.LevelDebug
	}
	c.log.LogAttrs(ctx, level, "fetched without", slog.String("account", account.Name), slog.Any("error", err))
}

// misread is the error for an answer that came but cannot be believed.
func (c *Client) misread(q question, err error) error {
	e := &Error{Op: q.op, Account: q.name(), Status: http.StatusOK, Err: err}
	if r, ok := errors.AsType[*refusal](err); ok {
		e.Codes = r.codes
		e.Hint = e.hint()
	}
	if errors.Is(err, errHTML) {
		e.Hint = "something on the way to Cloudflare's API answered in its place"
	}
	return e
}
