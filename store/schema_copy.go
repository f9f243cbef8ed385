package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keepOld copies a database of an older schema to beside it, as billbot.db.schema1,
// for its owner only: the way back to the billbot that wrote it. A copy that is
// there already is of before an upgrade that was interrupted, and stays.
func (s *Store) keepOld(schema int) error {
	path := fmt.Sprintf("%s.schema%d", realPath(s.file.path), schema)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	err = s.attempt(s.db.View, func(tx *txn) error {
		_, err := tx.bolt.WriteTo(part)
		return err
	})
	if err == nil {
		err = part.Sync()
	}
	if err := errors.Join(err, part.Close(), whole(part.Name())); err != nil {
		return err
	}
	if s.log != nil {
		s.log.Info("the database is brought forward; as it was it is kept beside it", "copy", path)
	}
	return settle(part.Name(), path, false)
}

// whole returns an error unless the pages of a file are those of a database.
func whole(path string) error {
	s, err := openBolt(path, Options{ReadOnly: true}, 0)
	if err != nil {
		return err
	}
	return s.db.Close()
}
