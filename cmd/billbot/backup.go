package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/billbot/billbot/store"
)

type backupCmd struct {
	File     string `arg:"" optional:"" help:"Where to: a new file. The default is beside the database, with the date in its name."`
	Force    bool   `help:"Overwrite FILE."`
	Previous bool   `help:"Copy what the database was before its last write. Of use when that one is broken, and billbot is stopped."`
}

// Run copies the database, checks the copy and says what is in it.
func (c *backupCmd) Run(ctx context.Context, e env) error {
	to := e.path(c.File)
	if c.File == "" {
		ending := filepath.Ext(e.dbFile)
		to = strings.TrimSuffix(e.dbFile, ending) + "-" + e.now().Format("2006-01-02") + ending
	}
	found, err := c.copy(ctx, e, to)
	if errors.Is(err, store.ErrExists) {
		return usageError{fmt.Errorf("%s is there already: name another file, or add --force to overwrite it", e.show(to))}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: %s, checked\n", e.show(to), counted(found))
	return nil
}

func (c *backupCmd) copy(ctx context.Context, e env, to string) (found store.Checked, err error) {
	switch {
	case c.Previous && e.shared != nil:
		return found, usageError{errors.New("a running billbot can read its database: stop it first, or leave out --previous")}
	case c.Previous:
		return store.BackupPrevious(ctx, e.dbFile, to, c.Force)
	}
	err = e.withStore(func(s *store.Store) error {
		found, err = s.Backup(ctx, to, c.Force)
		return err
	})
	return found, err
}

// counted says how much a database holds.
func counted(found store.Checked) string {
	values := 0
	for _, bucket := range found.Values {
		values += bucket.Values
	}
	return fmt.Sprintf("%d values", values)
}
