package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"
)

// errAbsent says that a bucket has no such key.
var errAbsent = errors.New("no such key")

// bucket returns a bucket of the schema. Reading from one that is missing is
// an error of its methods, so that damage shows where it is met.
func (tx *txn) bucket(name string) bucket {
	return bucket{name: name, tx: tx, bolt: tx.bolt.Bucket([]byte(name))}
}

// bucket keeps values with checksums under keys.
type bucket struct {
	name string
	tx   *txn
	bolt *bolt.Bucket
}

// checksumSize is the length of the CRC-32C in front of each value.
const checksumSize = 4

// seal puts the checksum in front of a value. It covers the bucket and the key
// too, so that a value found in the wrong place is damage as well.
func (b bucket) seal(key, value []byte) []byte {
	sealed := make([]byte, checksumSize, checksumSize+len(value))
	binary.BigEndian.PutUint32(sealed, b.checksum(key, value))
	return append(sealed, value...)
}

func (b bucket) checksum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	sum := crc32.Update(0, table, []byte(b.name))
	sum = crc32.Update(sum, table, key)
	return crc32.Update(sum, table, value)
}

func (b bucket) open(key, sealed []byte) ([]byte, error) {
	if len(sealed) < checksumSize {
		return nil, b.damage(key, errors.New("too short"))
	}
	value := sealed[checksumSize:]
	if binary.BigEndian.Uint32(sealed) != b.checksum(key, value) {
		return nil, b.damage(key, errors.New("its checksum does not fit"))
	}
	return value, nil
}

// damage names the value that cannot be believed.
func (b bucket) damage(key []byte, cause error) error {
	return fmt.Errorf("%s, key %q: %w: %w", b.name, key, ErrDamaged, cause)
}

func (b bucket) present() error {
	if b.bolt == nil {
		return fmt.Errorf("%w: bucket %s is missing", ErrDamaged, b.name)
	}
	return nil
}

// get returns the value of a key, or errAbsent. It is valid within the
// transaction only.
func (b bucket) get(key []byte) ([]byte, error) {
	if err := b.present(); err != nil {
		return nil, err
	}
	sealed := b.bolt.Get(key)
	if sealed == nil {
		return nil, errAbsent
	}
	return b.open(key, sealed)
}

// put writes a value unless it is there already.
func (b bucket) put(key, value []byte) error {
	if err := b.present(); err != nil {
		return err
	}
	sealed := b.seal(key, value)
	if bytes.Equal(b.bolt.Get(key), sealed) {
		return nil
	}
	b.tx.wrote = true
	if err := b.bolt.Put(key, sealed); err != nil {
		return fmt.Errorf("write %s, key %q: %w", b.name, key, err)
	}
	return nil
}

// delete removes a key, which may be absent.
func (b bucket) delete(key []byte) error {
	if err := b.present(); err != nil {
		return err
	}
	if b.bolt.Get(key) == nil {
		return nil
	}
	b.tx.wrote = true
	if err := b.bolt.Delete(key); err != nil {
		return fmt.Errorf("delete %s, key %q: %w", b.name, key, err)
	}
	return nil
}

// next returns a number that the bucket has not given before.
func (b bucket) next() (uint64, error) {
	if err := b.present(); err != nil {
		return 0, err
	}
	b.tx.wrote = true
	number, err := b.bolt.NextSequence()
	if err != nil {
		return 0, fmt.Errorf("number %s: %w", b.name, err)
	}
	return number, nil
}

// each calls fn with the keys that begin with prefix and their values, in
// order, until one cannot be believed or fn fails.
func (b bucket) each(prefix []byte, fn func(key, value []byte) error) error {
	return b.eachFrom(prefix, prefix, fn)
}

// eachFrom is each for the keys not before from.
func (b bucket) eachFrom(prefix, from []byte, fn func(key, value []byte) error) error {
	return b.eachSealed(prefix, from, func(key, sealed []byte) error {
		value, err := b.open(key, sealed)
		if err != nil {
			return err
		}
		return fn(key, value)
	})
}

func (b bucket) eachSealed(prefix, from []byte, fn func(key, sealed []byte) error) error {
	if err := b.present(); err != nil {
		return err
	}
	cursor := b.bolt.Cursor()
	for key, sealed := cursor.Seek(from); key != nil && bytes.HasPrefix(key, prefix); key, sealed = cursor.Next() {
		if err := fn(key, sealed); err != nil {
			return err
		}
	}
	return nil
}

// getJSON reads a value into v and reports whether there is one.
func (b bucket) getJSON(key []byte, v any) (bool, error) {
	value, err := b.get(key)
	if errors.Is(err, errAbsent) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, b.decode(key, value, v)
}

func (b bucket) decode(key, value []byte, v any) error {
	if err := json.Unmarshal(value, v); err != nil {
		return b.damage(key, err)
	}
	return nil
}

// sameJSON reports whether a value is what a key has.
func (b bucket) sameJSON(key []byte, v any) (bool, error) {
	value, err := json.Marshal(v)
	if err != nil {
		return false, fmt.Errorf("encode %s, key %q: %w", b.name, key, err)
	}
	if err := b.present(); err != nil {
		return false, err
	}
	return bytes.Equal(b.bolt.Get(key), b.seal(key, value)), nil
}

func (b bucket) putJSON(key []byte, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s, key %q: %w", b.name, key, err)
	}
	return b.put(key, value)
}
