package cloudflaretest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// usage answers a request for rows.
func (s *Server) usage(r *http.Request, rec Recording, e endpoint, fault *Fault) reply {
	now := s.Now()
	asked, err := parseRange(r.URL.Query(), now, rec)
	if err != nil {
		return failure(http.StatusBadRequest, 1183, "Invalid request parameters")
	}
	charges := rec.At(now)
	if asked.none {
		charges = rec.current(charges, fetcher.DayOf(now), s.PreviousPeriod)
	} else {
		charges = between(charges, asked.from, asked.to)
	}
	var rows [][]Column
	for i, c := range charges {
		row := columns(c, rec.AccountName, s.QuotedNumbers)
		if e == oldUsageEndpoint {
			row = row[:oldColumns]
		}
		if fault != nil && fault.Row != nil {
			row = fault.Row(i, row)
		}
		rows = append(rows, row)
	}
	return success(result(rows))
}

// days is the range of days a request asks for.
type days struct {
	none     bool
	from, to fetcher.Day // both included
}

// parseRange reads from and to. Where only one is given, from begins with the
// open billing period and to ends with the day of the replay.
func parseRange(query url.Values, now time.Time, rec Recording) (days, error) {
	if !query.Has("from") && !query.Has("to") {
		return days{none: true}, nil
	}
	today := fetcher.DayOf(now)
	asked := days{from: periodStart(today, rec.Anchor), to: today}
	var err error
	if query.Has("from") {
		if asked.from, err = fetcher.ParseDay(query.Get("from")); err != nil {
			return days{}, err
		}
	}
	if query.Has("to") {
		if asked.to, err = fetcher.ParseDay(query.Get("to")); err != nil {
			return days{}, err
		}
	}
	if asked.from > asked.to {
		return days{}, errors.New("from is after to")
	}
	return asked, nil
}

// WriteUsage writes what [Recording.At] holds at moment t as the API's JSON
// answer, of all billing periods: a usage file. It fails only when w does.
func (r Recording) WriteUsage(w io.Writer, t time.Time) error {
	var rows [][]Column
	for _, c := range r.At(t) {
		rows = append(rows, columns(c, r.AccountName, false))
	}
	if _, err := io.WriteString(w, goodBody(result(rows))); err != nil {
		return fmt.Errorf("writing a usage file: %w", err)
	}
	return nil
}
