package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// Checked is what [Store.Check] found.
type Checked struct {
	Values   []BucketCount // by bucket, in the order of the schema
	Problems []error       // each names the bucket and key, or the account and period
}

// BucketCount is how many values a bucket has.
type BucketCount struct {
	Bucket string
	Values int
}

// Check walks the tree, as [Store.CheckTree] does, and reads every value: its
// checksum, whether it can be understood, and whether what it refers to is
// there. The error is for what could not be checked at all, as where the tree is
// broken; what is wrong with values is in [Checked.Problems], each of which wraps
// [ErrDamaged].
func (s *Store) Check(ctx context.Context) (Checked, error) {
	var found Checked
	if err := s.CheckTree(ctx); err != nil {
		return found, err
	}
	err := s.view(ctx, "check", func(tx *txn) error {
		found = checkAll(tx)
		if s.found.torn {
			found.Problems = append(found.Problems, errTorn)
		}
		return ctx.Err()
	})
	return found, err
}

// errTorn says that bbolt had to do with the older of its two roots, as after a
// power failure.
var errTorn = fmt.Errorf("%w: the newest of its two roots was not whole when it was opened: the last write may be missing", ErrDamaged)

func checkAll(tx *txn) Checked {
	c := &checker{tx: tx, accounts: map[string]ledgerRecord{}, numbers: map[uint32]string{}}
	c.strangers()
	c.records()
	c.periods()
	c.accountKeys()
	c.messages()
	c.digests()
	for _, name := range []string{bucketMeta, bucketSummaries} {
		c.values(name, func([]byte, []byte) error { return nil })
	}
	slices.SortFunc(c.found.Values, func(a, b BucketCount) int {
		return slices.Index(bucketNames(), a.Bucket) - slices.Index(bucketNames(), b.Bucket)
	})
	return c.found
}

// checker checks within one transaction.
type checker struct {
	tx       *txn
	accounts map[string]ledgerRecord
	numbers  map[uint32]string // account IDs by the number in keys
	found    Checked
}

func (c *checker) problem(err error) {
	if err != nil {
		c.found.Problems = append(c.found.Problems, err)
	}
}

// values calls look with each value of a bucket whose checksum fits, and keeps
// what is wrong with the others.
func (c *checker) values(name string, look func(key, value []byte) error) {
	b, count := c.tx.bucket(name), 0
	c.problem(b.eachSealed(nil, nil, func(key, sealed []byte) error {
		count++
		value, err := b.open(key, sealed)
		if err == nil {
			err = look(key, value)
		}
		if err != nil && !errors.Is(err, ErrDamaged) {
			err = b.damage(key, err)
		}
		c.problem(err)
		return nil
	}))
	c.found.Values = append(c.found.Values, BucketCount{name, count})
}

// each is values for those that are JSON.
func each[T any](c *checker, name string, look func(key []byte, v T) error) {
	b := c.tx.bucket(name)
	c.values(name, func(key, value []byte) error {
		var v T
		if err := b.decode(key, value, &v); err != nil {
			return err
		}
		return look(key, v)
	})
}

// strangers finds buckets that are not of this schema.
func (c *checker) strangers() {
	c.problem(c.tx.bolt.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if !slices.Contains(bucketNames(), string(name)) {
			c.problem(fmt.Errorf("%w: bucket %q is not of this schema", ErrDamaged, name))
		}
		return nil
	}))
}

func (c *checker) records() {
	each(c, bucketAccounts, func(key []byte, r ledgerRecord) error {
		id := nameOf(key)
		other, taken := c.numbers[r.Number]
		switch {
		case r.Account.ID != id:
			return fmt.Errorf("it is of account %q", r.Account.ID)
		case r.Number == 0 || taken:
			return fmt.Errorf("its number %d is that of account %q", r.Number, other)
		}
		c.accounts[id], c.numbers[r.Number] = r, id
		return nil
	})
	each(c, bucketPolls, func(key []byte, r pollRecord) error {
		if r.Account.ID != nameOf(key) {
			return fmt.Errorf("it is of account %q", r.Account.ID)
		}
		return nil
	})
}

// periods compares the charges that are there with those that accounts know of.
func (c *checker) periods() {
	type place struct {
		start  fetcher.Day
		number uint32
	}
	has := map[place]bool{}
	c.values(bucketCharges, func(key, value []byte) error {
		start, number, ok := chargesOf(key)
		if !ok {
			return errors.New("its key is none of a billing period")
		}
		has[place{start, number}] = true
		at := chargePlace{c.numbers[number], number, start}
		if at.account == "" {
			return fmt.Errorf("billing period from %s: no account has the number %d", start, number)
		}
		return at.named(c.period(c.accounts[at.account], start, value))
	})
	for _, id := range slices.Sorted(maps.Keys(c.accounts)) {
		for _, p := range c.accounts[id].Periods {
			if r := c.accounts[id]; !has[place{p.Start, r.Number}] {
				at := chargePlace{id, r.Number, p.Start}
				c.problem(at.named(fmt.Errorf("%w: its charges are missing", ErrDamaged)))
			}
		}
	}
}

// period compares one period's charges with what its account knows of them.
func (c *checker) period(r ledgerRecord, start fetcher.Day, value []byte) error {
	charges, err := decodeLedger(value, start)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	i := slices.IndexFunc(r.Periods, func(p span) bool { return p.Start == start })
	switch {
	case i < 0:
		return fmt.Errorf("%w: its account does not know of it", ErrDamaged)
	case len(charges) == 0:
		return fmt.Errorf("%w: it has no charges", ErrDamaged)
	}
	if got := spanOf(start, charges); got != r.Periods[i] {
		return fmt.Errorf("%w: it has %d charges from %s to %s, and its account knows of %d from %s to %s", ErrDamaged,
			got.Rows, got.First, got.Last, r.Periods[i].Rows, r.Periods[i].First, r.Periods[i].Last)
	}
	return nil
}

// accountKeys checks what lies under accounts.
func (c *checker) accountKeys() {
	known := func(key []byte) error {
		if _, known := c.accounts[nameOf(key)]; !known {
			return fmt.Errorf("account %q is not known", nameOf(key))
		}
		return nil
	}
	each(c, bucketSnapshots, func(key []byte, v fetcher.Snapshot) error { return known(key) })
	each(c, bucketRevisions, func(key []byte, v fetcher.Revision) error { return known(key) })
	each(c, bucketAlerts, func(key []byte, a rules.Alert) error {
		if want := alertKey(nameOf(key), a.ID); string(want) != string(key) {
			return fmt.Errorf("it is alert %q", a.ID)
		}
		return known(key)
	})
}

// digests checks that what was merged is told by a digest.
func (c *checker) digests() {
	told := map[string]bool{}
	each(c, bucketDigests, func(key []byte, e notifier.Entry) error {
		digest := nameOf(key)
		told[string(key)] = true
		if want := entryKey(digest, e.Key); string(want) != string(key) {
			return fmt.Errorf("it is the entry of %q", e.Key)
		}
		return nil
	})
	c.values(bucketMerged, func(key, digest []byte) error {
		if !told[string(entryKey(string(digest), nameOf(key)))] {
			return fmt.Errorf("digest %q does not tell it", digest)
		}
		return nil
	})
	each(c, bucketPosts, func([]byte, []time.Time) error { return nil })
}

// messages checks that what waits is in line, once, and that what is answered
// was sent or waits.
func (c *checker) messages() {
	items, lined, sent := map[uint64]notifier.Item{}, map[string]uint64{}, map[string]bool{}
	each(c, bucketOutbox, func(key []byte, item notifier.Item) error {
		items[item.ID] = item
		if string(itemKey(item.ID)) != string(key) {
			return fmt.Errorf("it is item %d", item.ID)
		}
		return checkItem(item)
	})
	c.values(bucketWaiting, func(key, id []byte) error {
		lined[nameOf(key)] = numberOf(id)
		if item, there := items[numberOf(id)]; !there || item.Key != nameOf(key) || item.Reply {
			return errors.New("the outbox has no such message")
		}
		return nil
	})
	each(c, bucketReceipts, func(key []byte, r notifier.Receipt) error {
		sent[nameOf(key)] = true
		return nil
	})
	for _, id := range slices.Sorted(maps.Keys(items)) {
		item := items[id]
		switch at, waits := lined[item.Key]; {
		case !item.Reply && at != id:
			c.problem(c.tx.bucket(bucketOutbox).damage(itemKey(id), fmt.Errorf("message %q is not in line", item.Key)))
		case item.Reply && !waits && !sent[item.Key]:
			c.problem(c.tx.bucket(bucketOutbox).damage(itemKey(id), fmt.Errorf("the message %q that it answers is not there", item.Key)))
		}
	}
}
