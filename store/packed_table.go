package store

import (
	"encoding/binary"

	"github.com/billbot/billbot/fetcher"
)

// textKey is a charge's columns of words as places in a table.
type textKey [textColumns]uint32

// textTable is the distinct words of a value, in the order they were met.
type textTable struct {
	words  []string
	places map[string]uint32
}

func (t *textTable) key(c *fetcher.Charge) textKey {
	var key textKey
	for i, text := range texts(c) {
		place, met := t.places[*text]
		if !met {
			place = uint32(len(t.words))
			t.words = append(t.words, *text)
			t.places[*text] = place
		}
		key[i] = place
	}
	return key
}

// sharedLimit is the most bytes that a word takes from the one before it at
// either end. It bounds what a damaged value can ask for.
const sharedLimit = 255

// append adds the words, each as what differs from the word before it: thirty
// services are billed as "... (first 25 million included)".
func (t *textTable) append(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(t.words)))
	before := ""
	for _, word := range t.words {
		limit := min(len(word), len(before), sharedLimit)
		front := 0
		for front < limit && word[front] == before[front] {
			front++
		}
		limit = min(len(word)-front, len(before)-front, sharedLimit)
		back := 0
		for back < limit && word[len(word)-1-back] == before[len(before)-1-back] {
			back++
		}
		own := word[front : len(word)-back]
		to = binary.AppendUvarint(append(to, byte(front), byte(back)), uint64(len(own)))
		to = append(to, own...)
		before = word
	}
	return to
}

// wordSize is the least bytes that a word takes.
const wordSize = 3

// table reads the words. They share one string.
func (r *reader) table() []string {
	ends := make([]int, r.count(wordSize))
	var all []byte
	start := 0
	for i := range ends {
		before := all[start:]
		front, back := int(r.byte()), int(r.byte())
		own := r.bytes(r.uvarint())
		if r.bad || front+back > len(before) {
			r.fail()
			return nil
		}
		start = len(all)
		all = append(all, before[:front]...)
		all = append(all, own...)
		all = append(all, before[len(before)-back:]...)
		ends[i] = len(all)
	}
	return cut(string(all), ends)
}

func cut(all string, ends []int) []string {
	words, start := make([]string, len(ends)), 0
	for i, end := range ends {
		words[i], start = all[start:end], end
	}
	return words
}

// appendKey adds the columns that differ from those of another key.
func appendKey(to []byte, key, before textKey) []byte {
	changed := uint64(0)
	for i := range key {
		if key[i] != before[i] {
			changed |= 1 << i
		}
	}
	to = binary.AppendUvarint(to, changed)
	for i := range key {
		if key[i] != before[i] {
			to = binary.AppendUvarint(to, uint64(key[i]))
		}
	}
	return to
}

// key reads what appendKey wrote.
func (r *reader) key(before textKey, words []string) textKey {
	changed := r.below(1 << textColumns)
	for i := range before {
		if changed&(1<<i) != 0 {
			before[i] = uint32(r.below(len(words)))
		}
		if int(before[i]) >= len(words) {
			r.fail()
		}
	}
	return before
}
