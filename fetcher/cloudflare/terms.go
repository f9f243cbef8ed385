package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// Profile is what is read of an account's billing profile. Everything else in
// it is about people, and is neither kept nor repeated in an error.
type Profile struct {
	NextBillDate fetcher.Day // zero: unknown
}

// Info asks whether the API serves the account, and on which days its
// subscriptions' billing periods begin. Anchors come sorted, each day once.
//
// An error is an [*Error]. One that has [ErrUnavailable] in its chain (403,
// 404) is normal: what Info tells is then unknown.
func (c *Client) Info(ctx context.Context, account fetcher.Account) (fetcher.Terms, error) {
	return c.info(ctx, account, maxTries)
}

func (c *Client) info(ctx context.Context, account fetcher.Account, tries int) (fetcher.Terms, error) {
	var terms fetcher.Terms
	q := question{op: "get billing info", account: account, path: "billable-usage/info", tries: tries}
	err := c.ask(ctx, q, func(dec *jsontext.Decoder) error { return readInfo(dec, &terms) })
	if err != nil {
		return fetcher.Terms{}, err
	}
	slices.Sort(terms.Anchors)
	terms.Anchors = slices.Compact(terms.Anchors)
	return terms, nil
}

// Profile asks for the billing profile's next bill date.
//
// An error is an [*Error]. One that has [ErrUnavailable] in its chain (403,
// 404) is normal: the endpoint is deprecated, and accounts that never paid
// have no profile.
func (c *Client) Profile(ctx context.Context, account fetcher.Account) (Profile, error) {
	return c.profile(ctx, account, maxTries)
}

func (c *Client) profile(ctx context.Context, account fetcher.Account, tries int) (Profile, error) {
	var p Profile
	q := question{op: "get billing profile", account: account, path: "billing/profile", tries: tries}
	err := c.ask(ctx, q, func(dec *jsontext.Decoder) error { return readProfile(dec, &p) })
	if err != nil {
		return Profile{}, err
	}
	return p, nil
}

// ask gets an answer whose result is an object.
func (c *Client) ask(ctx context.Context, q question, read func(*jsontext.Decoder) error) error {
	body, err := c.get(ctx, q)
	if e, ok := errors.AsType[*Error](err); ok && (e.Status == http.StatusForbidden || e.Status == http.StatusNotFound) {
		e.Err = ErrUnavailable
	}
	if err != nil {
		return err
	}
	defer c.bodies.done(body)
	if err := readEnvelope(c.token.ScrubBytes(body.Bytes()), '{', read); err != nil {
		return c.misread(q, err)
	}
	return nil
}

func readInfo(dec *jsontext.Decoder, terms *fetcher.Terms) error {
	return walkObject(dec, "result", func(name []byte) error {
		switch string(name) {
		case "covered":
			covered, err := readBool(dec, "covered")
			terms.Covered = covered
			return err
		case "subscriptions":
			return readList(dec, "subscriptions", func() error { return readSubscription(dec, terms) })
		}
		return dec.SkipValue()
	})
}

func readSubscription(dec *jsontext.Decoder, terms *fetcher.Terms) error {
	return walkObject(dec, "a subscription", func(name []byte) error {
		if string(name) != "billing_cycle_anchor_timestamp" {
			return dec.SkipValue()
		}
		anchor, err := readDay(dec, "billing_cycle_anchor_timestamp")
		if !anchor.IsZero() {
			terms.Anchors = append(terms.Anchors, anchor)
		}
		return err
	})
}

func readProfile(dec *jsontext.Decoder, p *Profile) error {
	return walkObject(dec, "result", func(name []byte) (err error) {
		if string(name) != "next_bill_date" {
			return dec.SkipValue()
		}
		p.NextBillDate, err = readDay(dec, "next_bill_date")
		return err
	})
}

// readDay reads a time as its UTC day; null and "" are no day.
func readDay(dec *jsontext.Decoder, name string) (fetcher.Day, error) {
	raw, err := dec.ReadValue()
	if err != nil || raw.Kind() == 'n' {
		return 0, err
	}
	text, err := unquote(raw)
	if err != nil {
		return 0, fmt.Errorf("%s %w", name, err)
	}
	if len(text) == 0 {
		return 0, nil
	}
	at, err := parseTime(text)
	if err != nil {
		return 0, fmt.Errorf("%s %w", name, err)
	}
	return fetcher.DayOf(at), nil
}
