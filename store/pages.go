package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt uses the pages of a file as they are mapped: of a damaged one it may
// read beyond the end, or go round in circles. So its tree is walked here, with
// every number held against the bounds, and must be exactly as bbolt writes it:
// each page in one place, each key in order, no gap and no overlap within a
// page. What the values are is not looked at; they have their own checksums.

// The layout of bbolt's pages, in the byte order of the machine.
const (
	pageHead    = 16 // ID, flags, count, overflow
	elementSize = 16 // of a leaf and of a branch
	bucketHead  = 16 // root, sequence
	metaSize    = 64
	metaMagic   = 0xED0CDAED

	pageBranch   = 0x01
	pageLeaf     = 0x02
	pageFreelist = 0x10

	noFreelist = ^uint64(0)
	deepest    = 64 // levels; a real tree has a handful
)

// metaPage is what one of a file's two roots says.
type metaPage struct {
	at, pageSize                int
	root, freelist, limit, txid uint64
}

// readMetas finds the roots that are whole, the newer one first.
func readMetas(file io.ReaderAt) []metaPage {
	var metas []metaPage
	if first, whole := readMeta(file, 0); whole {
		metas = append(metas, first)
	}
	for size := 1 << 10; size <= 1<<24; size <<= 1 {
		if second, whole := readMeta(file, size); whole && second.pageSize == size {
			metas = append(metas, second)
			break
		}
	}
	if len(metas) == 2 && metas[1].txid > metas[0].txid {
		metas[0], metas[1] = metas[1], metas[0]
	}
	return metas
}

func readMeta(file io.ReaderAt, at int) (metaPage, bool) {
	b, order := make([]byte, metaSize), binary.NativeEndian
	if _, err := file.ReadAt(b, int64(at)+pageHead); err != nil {
		return metaPage{}, false
	}
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	m := metaPage{
		at: at, pageSize: int(order.Uint32(b[8:])), root: order.Uint64(b[16:]),
		freelist: order.Uint64(b[32:]), limit: order.Uint64(b[40:]), txid: order.Uint64(b[48:]),
	}
	whole := order.Uint32(b) == metaMagic && order.Uint64(b[metaSize-8:]) == sum.Sum64() &&
		m.pageSize >= 1<<10 && m.pageSize <= 1<<24
	return m, whole
}

// take returns a page and what it runs on to, which nothing else may use. It is
// good until another page of that depth is taken.
func (w *pageWalk) take(id uint64, depth int) ([]byte, error) {
	if id < 2 || id >= w.limit {
		return nil, badPage(id, "it is outside the file")
	}
	page, err := w.read(id, 1, depth)
	if err != nil {
		return nil, err
	}
	more := uint64(binary.NativeEndian.Uint32(page[12:]))
	if got := binary.NativeEndian.Uint64(page); got != id || more >= w.limit-id {
		return nil, badPage(id, "its head is not its own")
	}
	for i := id; i <= id+more; i++ {
		if err := w.use(i); err != nil {
			return nil, err
		}
	}
	w.walked++
	if more == 0 {
		return page, nil
	}
	return w.read(id, more+1, depth)
}

// use notes that something leads to a page, which nothing else may.
func (w *pageWalk) use(id uint64) error {
	if w.used[id] {
		return badPage(id, "it is used twice")
	}
	w.used[id] = true
	return nil
}

// visit walks a page and what is below it, whose keys must be from low on and
// before high; nil is no bound.
func (w *pageWalk) visit(id uint64, low, high []byte, depth int) error {
	switch {
	case depth > deepest:
		return badPage(id, "it lies too deep")
	case w.glances && depth > w.top+1:
		return w.skip(id)
	}
	page, err := w.take(id, depth)
	if err != nil {
		return err
	}
	return w.node(id, page, low, high, depth)
}

// skip goes past a page, whose place in the file must be its own.
func (w *pageWalk) skip(id uint64) error {
	if id < 2 || id >= w.limit {
		return badPage(id, "it is outside the file")
	}
	return w.use(id)
}

// node walks the elements of a page.
func (w *pageWalk) node(id uint64, page, low, high []byte, depth int) error {
	elements, err := readElements(page)
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	for i, e := range elements {
		next := high
		if i+1 < len(elements) {
			next = elements[i+1].key
		}
		if bytes.Compare(e.key, low) < 0 || next != nil && bytes.Compare(e.key, next) >= 0 {
			return badPage(id, "its keys are not in order")
		}
		if err := w.element(e, next, depth); err != nil {
			return err
		}
	}
	return nil
}

// element walks what is below an element: a page, or a bucket, whose page may
// be within the value.
func (w *pageWalk) element(e element, next []byte, depth int) error {
	switch {
	case e.child != 0:
		return w.visit(e.child, e.key, next, depth+1)
	case !e.bucket:
		return nil
	case len(e.value) < bucketHead:
		return fmt.Errorf("%w: bucket %q is too short", ErrDamaged, e.key)
	}
	defer func(of int) { w.top = of }(w.top)
	w.top = depth + 1
	if root := binary.NativeEndian.Uint64(e.value); root != 0 {
		return w.visit(root, nil, nil, depth+1)
	}
	if err := w.node(0, e.value[bucketHead:], nil, nil, depth+1); err != nil {
		return fmt.Errorf("bucket %q: %w", e.key, err)
	}
	return nil
}

func badPage(id uint64, what string) error {
	return fmt.Errorf("%w: page %d: %s", ErrDamaged, id, what)
}
