package blockkit

import "github.com/slack-go/slack"

// room leaves out blocks that there are too many of, or that have too much to
// say, and keeps room for the note. What people act with is kept before what
// they only read; among those the first come first, and a short one may find
// room where a long one does not.
func (m *mender) room(blocks []slack.Block) []slack.Block {
	if m.within(len(blocks), sizeOf(blocks)) && len(m.left) == 0 {
		return blocks
	}
	taken, n, chars := map[int]bool{}, 1, maxNote
	take := func(acts bool) {
		for i, b := range blocks {
			_, is := b.(*slack.ActionBlock)
			if size := Size(b); is == acts && m.within(n+1, chars+size) {
				taken[i], n, chars = true, n+1, chars+size
			}
		}
	}
	take(true)
	take(false)
	var kept []slack.Block
	for i, b := range blocks {
		if taken[i] {
			kept = append(kept, b)
		}
	}
	if left := len(blocks) - len(kept); left > 0 {
		m.leave("block", left)
	}
	return kept
}

// within reports whether so many blocks, and characters in them, are no more
// than a page takes in all.
func (m *mender) within(blocks, chars int) bool {
	return blocks <= m.maxBlocks() && (m.on != InMessage || chars <= MaxChars)
}
