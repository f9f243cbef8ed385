package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// maxName is the longest account ID, channel or message key that is kept. It
// is what one byte of length can say.
const maxName = 255

// checkName refuses what cannot be part of a key.
func checkName(what, name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("%s %q: its length must be 1 to %d bytes", what, name, maxName)
	}
	return nil
}

// appendName adds a name with its length in front, so that no name is a prefix
// of another one's key.
func appendName(key []byte, name string) []byte {
	return append(append(key, byte(len(name))), name...)
}

// appendDay adds a day so that keys sort by it, days before 1970 too.
func appendDay(key []byte, day fetcher.Day) []byte {
	return binary.BigEndian.AppendUint32(key, uint32(day)^1<<31)
}

// appendTime adds a moment so that keys sort by it.
func appendTime(key []byte, t time.Time) []byte {
	key = binary.BigEndian.AppendUint64(key, uint64(t.Unix())^1<<63)
	return binary.BigEndian.AppendUint32(key, uint32(t.Nanosecond()))
}

func nameKey(name string) []byte { return appendName(nil, name) }

// nameOf reads the name that a key begins with.
func nameOf(key []byte) string {
	if len(key) == 0 || len(key) < 1+int(key[0]) {
		return ""
	}
	return string(key[1 : 1+int(key[0])])
}

// chargesKey is the key of a billing period and account. The period comes
// first: what changes together, the open periods of all accounts, then lies
// together, and old periods can be dropped from the front. The account is the
// number that its record gives it, as that is a tenth of its ID.
func chargesKey(period fetcher.Day, number uint32) []byte {
	return binary.BigEndian.AppendUint32(appendDay(nil, period), number)
}

func alertKey(account, id string) []byte { return append(nameKey(account), id...) }

// snapshotKey tells two answers of one moment apart by what they said.
func snapshotKey(account string, s fetcher.Snapshot) []byte {
	return append(appendTime(nameKey(account), s.FetchedAt), s.Hash...)
}

// revisionKey ends in a number, as one answer may revise many items of a day.
func revisionKey(account string, r fetcher.Revision, number uint64) []byte {
	key := appendTime(appendDay(nameKey(account), r.Day), r.SeenAt)
	return binary.BigEndian.AppendUint64(key, number)
}

func itemKey(id uint64) []byte { return numbered(nil, id) }

// numbered ends a key in a number.
func numbered(key []byte, id uint64) []byte { return binary.BigEndian.AppendUint64(key, id) }

func summaryKey(channel, date string) []byte { return append(nameKey(channel), date...) }

// chargesOf reads what chargesKey wrote.
func chargesOf(key []byte) (period fetcher.Day, number uint32, ok bool) {
	if len(key) != 8 {
		return 0, 0, false
	}
	return fetcher.Day(binary.BigEndian.Uint32(key) ^ 1<<31), binary.BigEndian.Uint32(key[4:]), true
}

// numberOf reads what itemKey wrote, 0 from anything else.
func numberOf(id []byte) uint64 {
	if len(id) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(id)
}
