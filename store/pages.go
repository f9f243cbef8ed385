package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"syscall"
)

// bbolt uses the pages of a file as they are mapped: of a damaged one it may
// read beyond the end, or go round in circles. So its tree is walked here first,
// with every number held against the bounds, and must be exactly as bbolt writes it: each page
// in one place, each key in order, no gap and no overlap within a page. What
// the values are is not looked at; they have their own checksums.

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
func readMetas(image []byte) []metaPage {
	var metas []metaPage
	if first, whole := readMeta(image, 0); whole {
		metas = append(metas, first)
	}
	for size := 1 << 10; size <= 1<<24; size <<= 1 {
		if second, whole := readMeta(image, size); whole && second.pageSize == size {
			metas = append(metas, second)
			break
		}
	}
	if len(metas) == 2 && metas[1].txid > metas[0].txid {
		metas[0], metas[1] = metas[1], metas[0]
	}
	return metas
}

func readMeta(image []byte, at int) (metaPage, bool) {
	if at+pageHead+metaSize > len(image) {
		return metaPage{}, false
	}
	b, order := image[at+pageHead:], binary.NativeEndian
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

// checkPages walks what a file's newest root leads to, and reports whether it is
// the only one that is whole. A file without a root is left to bbolt, which says
// what is wrong with it.
func checkPages(file *os.File) (alone bool, err error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	image, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return false, fmt.Errorf("map the file: %w", err)
	}
	defer func() { err = errors.Join(err, syscall.Munmap(image)) }()
	defer recoverDamage(&err)() // it may be cut while it is read
	metas := readMetas(image)
	if len(metas) == 0 {
		return false, nil
	}
	return len(metas) == 1, checkTree(image, metas[0])
}

// checkTree walks what a root leads to.
func checkTree(image []byte, root metaPage) error {
	if held := uint64(len(image) / root.pageSize); held < root.limit {
		return fmt.Errorf("%w: the file is cut short, it has %d pages of %d", ErrDamaged, held, root.limit)
	}
	w := pageWalk{image: image, metaPage: root, used: make([]bool, root.limit)}
	if root.limit > 2 {
		w.used[0], w.used[1] = true, true
	}
	if err := w.visit(root.root, nil, nil, 0); err != nil {
		return err
	}
	return w.free()
}

// pageWalk walks one tree.
type pageWalk struct {
	image []byte
	metaPage
	used []bool // by page
}

// take returns a page and what it runs on to, which nothing else may use.
func (w *pageWalk) take(id uint64) ([]byte, error) {
	if id < 2 || id >= w.limit {
		return nil, badPage(id, "it is outside the file")
	}
	page := w.image[id*uint64(w.pageSize):]
	more := uint64(binary.NativeEndian.Uint32(page[12:]))
	if got := binary.NativeEndian.Uint64(page); got != id || more >= w.limit-id {
		return nil, badPage(id, "its head is not its own")
	}
	for i := id; i <= id+more; i++ {
		if w.used[i] {
			return nil, badPage(i, "it is used twice")
		}
		w.used[i] = true
	}
	return page[:(more+1)*uint64(w.pageSize)], nil
}

// visit walks a page and what is below it, whose keys must be from low on and
// before high; nil is no bound.
func (w *pageWalk) visit(id uint64, low, high []byte, depth int) error {
	if depth > deepest {
		return badPage(id, "it lies too deep")
	}
	page, err := w.take(id)
	if err != nil {
		return err
	}
	return w.node(id, page, low, high, depth)
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
