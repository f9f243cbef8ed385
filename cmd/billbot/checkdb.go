package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/billbot/billbot/store"
)

type checkDBCmd struct {
	File string `arg:"" optional:"" help:"Another file than the database, such as a backup."`
}

// needsNothing says that a file which is named is nobody's database.
func (c *checkDBCmd) needsNothing() bool { return c.File != "" }

// Run reads every value of a database and prints what is wrong with it.
func (c *checkDBCmd) Run(ctx context.Context, e env) error {
	if c.File != "" {
		e.dbFile, e.shared = e.path(c.File), nil
	}
	var found store.Checked
	err := e.withStore(func(s *store.Store) (err error) {
		found, err = s.Check(ctx)
		return err
	})
	if err != nil {
		return e.unread(err)
	}
	for _, bucket := range found.Values {
		fmt.Fprintf(e.stdout, "%-10s %d\n", bucket.Bucket, bucket.Values)
	}
	for _, problem := range found.Problems {
		fmt.Fprintf(e.stdout, "wrong: %s\n", problem)
	}
	if n := len(found.Problems); n > 0 {
		return fmt.Errorf("%s: %d %s wrong. %s", e.show(e.dbFile), n, plural(n, "value is", "values are"), partlyBroken)
	}
	fmt.Fprintf(e.stdout, "%s: nothing is wrong\n", e.show(e.dbFile))
	return nil
}

// plural is one or many, as n asks.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// unread says of a file that cannot be opened whether what it was before its
// last write can be.
func (e env) unread(err error) error {
	if errors.Is(err, store.ErrDamaged) && store.PreviousWhole(e.dbFile) {
		return fmt.Errorf(`%w. What it was before its last write is whole: "billbot backup --previous FILE" copies that`, err)
	}
	return err
}

const partlyBroken = `All else is right and goes on being used; docs/operations.md, "When the database is broken", says how to go on`

// wayBack is what can be done about a broken database.
const wayBack = `"billbot check-db" says what is wrong; docs/operations.md, "When the database is broken", says how to go on`

// advise adds what to do to an error of the database.
func advise(err error) error {
	var advice string
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrForeign):
		advice = wayBack
	case errors.Is(err, syscall.ENOSPC):
		advice = "The disk is full: free some space. Nothing that was written is lost, and a running billbot goes on by itself"
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		advice = "billbot needs a folder that it may write to: move the database to one, or name it with --db"
	default:
		return err
	}
	return fmt.Errorf("%w. %s", err, advice)
}
