package store

import (
	"encoding/json"
	"fmt"

	"github.com/billbot/billbot/fetcher"
)

// preparedCommit is a commit with its values encoded. All writers wait for the
// one whose transaction is open, and it waits for none of this.
type preparedCommit struct {
	Commit
	periods   []periodWrite
	spans     map[fetcher.Day]*span // of the periods; nil for one that is removed
	snapshots []entry
	revisions [][]byte // their keys end in numbers of the transaction
	alerts    []entry
	audit     [][]byte // likewise
}

// entry is a value and where it is to be put.
type entry struct{ key, value []byte }

// periodWrite is a billing period, encoded.
type periodWrite struct {
	at    chargePlace // its number is known within the transaction
	value []byte
}

// prepareCommit also checks that the account and what is to be written belong
// where they are to be written.
func prepareCommit(c Commit) (preparedCommit, error) {
	p := preparedCommit{Commit: c, spans: map[fetcher.Day]*span{}}
	if err := checkName("account ID", c.Account.ID); err != nil {
		return p, err
	}
	if err := p.encodePeriods(); err != nil {
		return p, err
	}
	return p, p.encodeRest()
}

func (p *preparedCommit) encodePeriods() error {
	for start, charges := range p.Periods {
		sorted := fetcher.Sorted(charges)
		if n := len(sorted); n > 0 && (sorted[0].BillingPeriodStart != start || sorted[n-1].BillingPeriodStart != start) {
			return fmt.Errorf("charges of the billing periods from %s to %s among those of %s",
				sorted[0].BillingPeriodStart, sorted[n-1].BillingPeriodStart, start)
		}
		value, err := encodePacked(sorted)
		if err != nil {
			return fmt.Errorf("encode the billing period from %s: %w", start, err)
		}
		p.periods = append(p.periods, periodWrite{chargePlace{account: p.Account.ID, period: start}, value})
		p.spans[start] = nil
		if len(sorted) > 0 {
			known := spanOf(start, sorted)
			p.spans[start] = &known
		}
	}
	return nil
}

func (p *preparedCommit) encodeRest() (err error) {
	for _, snapshot := range p.Snapshots {
		if p.snapshots, err = appendEntry(p.snapshots, snapshotKey(p.Account.ID, snapshot), snapshot); err != nil {
			return err
		}
	}
	for _, revision := range p.Revisions {
		value, err := encodeRevision(revision)
		if err != nil {
			return err
		}
		p.revisions = append(p.revisions, value)
	}
	for _, alert := range p.Alerts {
		if err := checkName("alert ID", alert.ID); err != nil {
			return err
		}
		if p.alerts, err = appendEntry(p.alerts, alertKey(p.Account.ID, alert.ID), alert); err != nil {
			return err
		}
	}
	for _, deed := range p.Audit {
		value, err := json.Marshal(deed)
		if err != nil {
			return fmt.Errorf("encode what %s did: %w", deed.By, err)
		}
		p.audit = append(p.audit, value)
	}
	return nil
}

func appendEntry(entries []entry, key []byte, v any) ([]entry, error) {
	value, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %q: %w", key, err)
	}
	return append(entries, entry{key, value}), nil
}
