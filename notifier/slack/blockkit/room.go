package blockkit

import (
	"slices"

	"github.com/slack-go/slack"
)

// room leaves out blocks that there are too many of, or that have too much to
// say, and keeps room for the note. What people act with is kept before what
// they only read; among those the first come first, and a short one may find
// room where a long one does not.
func (m *mender) room(blocks []slack.Block) []slack.Block {
	if m.within(blocks, 0, 0) && len(m.left) == 0 {
		return blocks
	}
	var taken []int
	var kept []slack.Block
	take := func(acts bool) {
		for i, b := range blocks {
			if _, is := b.(*slack.ActionBlock); is == acts && m.within(append(slices.Clone(kept), b), 1, maxNote) {
				taken, kept = append(taken, i), append(kept, b)
			}
		}
	}
	take(true)
	take(false)
	if n := len(blocks) - len(kept); n > 0 {
		m.leave("block", n)
	}
	slices.Sort(taken)
	kept = nil
	for _, i := range taken {
		kept = append(kept, blocks[i])
	}
	return kept
}

// within reports whether blocks keep to what a page takes in all, less what is
// kept for the note.
func (m *mender) within(blocks []slack.Block, lessBlocks, lessChars int) bool {
	if len(blocks) > m.maxBlocks()-lessBlocks {
		return false
	}
	return m.on != InMessage || sizeOf(blocks) <= MaxChars-lessChars
}
