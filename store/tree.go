package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// pageWalk walks one tree.
type pageWalk struct {
	metaPage
	file    io.ReaderAt
	buffers [deepest + 1][]byte // by depth
	glances bool                // looks at the top of each bucket's tree: its root and what that leads to
	top     int                 // how deep the root of the bucket lies
	used    []bool              // by page
	walked  int                 // pages looked at
}

// walkTree walks what a root leads to, in a file of so many bytes, and returns
// how many pages it looked at. The pages are read: mapped, a large file would
// count as this process's memory.
func walkTree(file io.ReaderAt, size int64, root metaPage) (walked int, err error) {
	w := pageWalk{metaPage: root, file: file}
	err = w.all(size)
	return w.walked, err
}

// glanceAtTree is walkTree of a few pages, however large the file.
func glanceAtTree(file io.ReaderAt, size int64, root metaPage) (walked int, err error) {
	w := pageWalk{metaPage: root, file: file, glances: true}
	err = w.all(size)
	return w.walked, err
}

// read reads a page and those that it runs on to. They are good until another
// page of that depth is read.
func (w *pageWalk) read(id, pages uint64, depth int) ([]byte, error) {
	need := int(pages) * w.pageSize
	if len(w.buffers[depth]) < need {
		w.buffers[depth] = make([]byte, need)
	}
	page := w.buffers[depth][:need]
	if _, err := w.file.ReadAt(page, int64(id)*int64(w.pageSize)); err != nil {
		return nil, fmt.Errorf("%w: page %d: %w", ErrDamaged, id, err)
	}
	return page, nil
}

// all walks a file of so many bytes.
func (w *pageWalk) all(size int64) error {
	if held := uint64(size) / uint64(w.pageSize); held < w.limit {
		return fmt.Errorf("%w: the file is cut short, it has %d pages of %d", ErrDamaged, held, w.limit)
	}
	w.used = make([]bool, w.limit)
	if w.limit > 2 {
		w.used[0], w.used[1] = true, true
	}
	if err := w.visit(w.root, nil, nil, 0); err != nil {
		return err
	}
	return w.free()
}

// opened is what was found of a database's pages when it was opened.
type opened struct {
	torn   bool // one of its two roots was not whole
	walked int  // pages looked at
}

// lookAtPages walks the tree of a file before bbolt does, or glances at it where
// the file was closed as it should be: there are as many pages as charges. What is
// wrong below the pages that were looked at costs what they lead to, as values
// have checksums, and what bbolt panics on there is an error. A file without a
// root is left to bbolt, which says what is wrong with it.
func lookAtPages(file *os.File, closed mark) (opened, error) {
	info, err := file.Stat()
	if err != nil {
		return opened{}, err
	}
	metas := readMetas(file)
	if len(metas) == 0 {
		return opened{}, nil
	}
	look, torn := walkTree, len(metas) == 1
	if !torn && closed.is(metas[0].txid) {
		look = glanceAtTree
	}
	walked, err := look(file, info.Size(), metas[0])
	return opened{torn, walked}, err
}

// CheckTree walks every page of the database as it is at one moment. Writers do
// not wait for it. Where something is wrong the error wraps [ErrDamaged], and
// nothing is read or written any more: bbolt would put pages of one thing in the
// place of another's.
func (s *Store) CheckTree(ctx context.Context) error {
	for range 10 {
		err := s.view(ctx, "check the tree", s.walkAs)
		if errors.Is(err, ErrDamaged) {
			s.hurt.Store(true)
		}
		if !errors.Is(err, errOverwritten) {
			return err
		}
	}
	return nil // it is being written all the time: another day
}

// errOverwritten says that two commits came in before a transaction's root was
// read: the file has two.
var errOverwritten = errors.New("its root is not there any more")

// walkAs walks the tree that a transaction reads, which nobody writes to while
// it lasts.
func (s *Store) walkAs(tx *txn) error {
	info, err := s.file.file.Stat()
	if err != nil {
		return err
	}
	for _, root := range readMetas(s.file.file) {
		if root.txid == uint64(tx.bolt.ID()) {
			_, err := walkTree(s.file.file, info.Size(), root)
			return err
		}
	}
	return errOverwritten
}

// newest is the number of the last write to the database, zero where it cannot
// be read.
func (s *Store) newest() mark {
	var last mark
	_ = s.attempt(s.db.View, func(tx *txn) error {
		last = mark(tx.bolt.ID())
		return nil
	})
	return last
}
