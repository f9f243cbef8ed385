package store

import (
	"encoding/binary"
	"fmt"
)

// element is one entry of a page: of a branch a page below it, of a leaf a
// value or a bucket.
type element struct {
	key, value []byte
	child      uint64 // of a branch
	bucket     bool
}

// readElements takes a page apart. bbolt writes keys and values one after the
// other, right behind the list of them, so that a number which is not as it was
// written leaves a gap or an overlap.
func readElements(page []byte) ([]element, error) {
	if len(page) < pageHead {
		return nil, fmt.Errorf("%w: it is too short", ErrDamaged)
	}
	flags, count := binary.NativeEndian.Uint16(page[8:]), int(binary.NativeEndian.Uint16(page[10:]))
	if flags != pageLeaf && (flags != pageBranch || count == 0) {
		return nil, fmt.Errorf("%w: it is of no kind that is expected here", ErrDamaged)
	}
	at := pageHead + count*elementSize
	if at > len(page) {
		return nil, fmt.Errorf("%w: it counts more than it can hold", ErrDamaged)
	}
	elements := make([]element, count)
	for i := range elements {
		var size int
		var err error
		if elements[i], size, err = readElement(page, flags, pageHead+i*elementSize, at); err != nil {
			return nil, err
		}
		at += size
	}
	return elements, nil
}

// readElement reads the entry whose head is at head and whose bytes must be at
// at, and returns how many those are.
func readElement(page []byte, flags uint16, head, at int) (element, int, error) {
	field := func(i int) uint64 { return uint64(binary.NativeEndian.Uint32(page[head+4*i:])) }
	var e element
	var place, keySize, valueSize uint64
	if flags == pageBranch {
		place, keySize, e.child = field(0), field(1), binary.NativeEndian.Uint64(page[head+8:])
		if e.child == 0 {
			return e, 0, fmt.Errorf("%w: it leads to no page", ErrDamaged)
		}
	} else {
		e.bucket, place, keySize, valueSize = field(0) == 1, field(1), field(2), field(3)
		if field(0) > 1 {
			return e, 0, fmt.Errorf("%w: it holds what is neither value nor bucket", ErrDamaged)
		}
	}
	if place != uint64(at-head) || keySize+valueSize > uint64(len(page)-at) {
		return e, 0, fmt.Errorf("%w: an entry is not where it was written", ErrDamaged)
	}
	middle, end := at+int(keySize), at+int(keySize+valueSize)
	e.key, e.value = page[at:middle], page[middle:end]
	return e, end - at, nil
}

// free checks that every page is either in use or listed as free, and only
// once. At a glance, a page that nothing leads to may be one that was not looked at.
func (w *pageWalk) free() error {
	if w.freelist == noFreelist {
		return nil
	}
	page, err := w.take(w.freelist, 0)
	if err != nil {
		return err
	}
	if binary.NativeEndian.Uint16(page[8:]) != pageFreelist {
		return badPage(w.freelist, "it is not the list of free pages")
	}
	count, from := uint64(binary.NativeEndian.Uint16(page[10:])), pageHead
	if count == 0xFFFF { // too many for the head
		count, from = binary.NativeEndian.Uint64(page[pageHead:]), pageHead+8
	}
	if count > uint64(len(page)-from)/8 {
		return badPage(w.freelist, "it lists more than it can hold")
	}
	for i := range int(count) {
		id := binary.NativeEndian.Uint64(page[from+8*i:])
		if id < 2 || id >= w.limit || w.used[id] {
			return badPage(id, "it is listed as free and is not")
		}
		w.used[id] = true
	}
	for id, used := range w.used {
		if !used && !w.glances {
			return badPage(uint64(id), "nothing leads to it")
		}
	}
	return nil
}
