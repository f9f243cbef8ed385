package focus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Source asks the files of an export what an account owes: a file, or all files
// of a folder and the folders in it that are named .csv or .csv.gz.
type Source struct{ path string }

// New returns the source of a path. It opens nothing.
func New(path string) (*Source, error) {
	if path == "" {
		return nil, errors.New("focus: no path of a file or a folder")
	}
	return &Source{path}, nil
}

// Fetch reads the rows of an account, whose ID is the rows' BillingAccountId:
// those of charge days from one to another, both included, or without days those
// of the billing period that is open, and of any that begins later. Files with no row of the account are an error:
// nobody knows then what it owes.
func (s *Source) Fetch(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error) {
	files, err := s.files()
	if err != nil {
		return fetcher.Answer{}, fmt.Errorf("%s: %w", account.Name, err)
	}
	answer := fetcher.Answer{FetchedAt: now, From: from, To: to}
	sum := sha256.New()
	for _, file := range files {
		charges, err := s.read(ctx, file, account.ID, sum)
		if err != nil {
			return fetcher.Answer{}, fmt.Errorf("%s: %w", account.Name, err)
		}
		answer.Charges = append(answer.Charges, charges...)
	}
	if len(answer.Charges) == 0 {
		return fetcher.Answer{}, fmt.Errorf("%s: no row of BillingAccountId %s in %s", account.Name, shown(account.ID), s.path)
	}
	answer.Hash = hex.EncodeToString(sum.Sum(nil))
	answer.Charges = slices.DeleteFunc(answer.Charges, outside(answer.Charges, from, to, fetcher.DayOf(now)))
	answer.Charges = fetcher.Sorted(answer.Charges)
	return answer, nil
}

// outside reports whether a charge is none that was asked for.
func outside(all []fetcher.Charge, from, to, today fetcher.Day) func(fetcher.Charge) bool {
	if !from.IsZero() || !to.IsZero() {
		return func(c fetcher.Charge) bool {
			return c.ChargePeriodStart < from || !to.IsZero() && c.ChargePeriodStart > to
		}
	}
	var open fetcher.Day
	for i := range all {
		if start := all[i].BillingPeriodStart; start <= today {
			open = max(open, start)
		}
	}
	return func(c fetcher.Charge) bool { return c.BillingPeriodStart < open }
}

// files are the files of the export, by name.
func (s *Source) files() ([]string, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, fmt.Errorf("FOCUS export: %w", err)
	}
	if !info.IsDir() {
		return []string{s.path}, nil
	}
	var files []string
	err = filepath.WalkDir(s.path, func(path string, entry os.DirEntry, err error) error {
		name := strings.ToLower(entry.Name())
		if err == nil && !entry.IsDir() && (strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".csv.gz")) {
			files = append(files, path)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no .csv or .csv.gz file in %s", s.path)
	}
	return files, err
}

func (s *Source) read(ctx context.Context, file, id string, sum hash.Hash) ([]fetcher.Charge, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("opening FOCUS file: %w", err)
	}
	defer f.Close()
	charges, err := read(stopping{ctx, io.TeeReader(f, sum)}, func(c fetcher.Charge) bool { return c.BillingAccountID == id })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return charges, nil
}

// stopping is a reader that ends with its context.
type stopping struct {
	ctx  context.Context
	from io.Reader
}

// Read reads until the context ends.
func (s stopping) Read(to []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(to)
}
