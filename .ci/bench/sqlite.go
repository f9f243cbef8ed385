package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "modernc.org/sqlite" // the peer

	"github.com/billbot/billbot/fetcher"
)

// The schema spares the peer all it can: names once in tables of their own,
// amounts as int64 of 1e-9, one tree with the primary key as its order.
const sqliteSchema = `
CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, name TEXT, cloudflare_id TEXT);
CREATE TABLE IF NOT EXISTS services (id INTEGER PRIMARY KEY, name TEXT, family TEXT, unit TEXT, currency TEXT);
CREATE TABLE IF NOT EXISTS charges (
  account INTEGER NOT NULL, day INTEGER NOT NULL, service INTEGER NOT NULL,
  cost INTEGER NOT NULL, cumulated_cost INTEGER NOT NULL,
  consumed INTEGER NOT NULL, priced INTEGER NOT NULL, cumulated_priced INTEGER NOT NULL,
  PRIMARY KEY (account, day, service)
) WITHOUT ROWID;`

const sqlitePut = `INSERT INTO charges VALUES (?,?,?,?,?,?,?,?)
ON CONFLICT DO UPDATE SET cost = excluded.cost, cumulated_cost = excluded.cumulated_cost,
  consumed = excluded.consumed, priced = excluded.priced, cumulated_priced = excluded.cumulated_priced
WHERE cost <> excluded.cost OR cumulated_cost <> excluded.cumulated_cost OR consumed <> excluded.consumed
  OR priced <> excluded.priced OR cumulated_priced <> excluded.cumulated_priced`

// sqlite is the peer's database with a fleet in it. Its rows have no billing
// period, subscription, zone or generation, and 17 digits do not fit them.
type sqlite struct {
	fleet fleet
	path  string
	db    *sql.DB
	put   *sql.Stmt
}

func openSQLite(ctx context.Context, path string, f fleet) (*sqlite, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, fmt.Errorf("opening SQLite: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, sqliteSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("making SQLite's tables: %w", err), db.Close())
	}
	put, err := db.PrepareContext(ctx, sqlitePut)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("preparing SQLite: %w", err), db.Close())
	}
	return &sqlite{f, path, db, put}, nil
}

func (s *sqlite) close() error { return errors.Join(s.put.Close(), s.db.Close()) }

// sqliteRows are rows of one account, the first of them of service 0.
type sqliteRows struct {
	account int
	charges []fetcher.Charge
}

// load writes the fleet in key order, an account each transaction.
func (s *sqlite) load(ctx context.Context) error {
	if err := s.loadNames(ctx); err != nil {
		return err
	}
	for i := range s.fleet.accounts {
		var rows []sqliteRows
		for _, m := range s.fleet.months() {
			rows = append(rows, sqliteRows{i, s.fleet.charges(i, m, 0)})
		}
		if err := s.commit(ctx, rows...); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqlite) loadNames(ctx context.Context) error {
	var failures []error
	for i := range services {
		c := charge(i, 0, 0)
		_, err := s.db.ExecContext(ctx, "INSERT INTO services VALUES (?,?,?,?,?)", i, c.ServiceName, c.ServiceFamilyName, c.ConsumedUnit, c.BillingCurrency)
		failures = append(failures, err)
	}
	for i := range s.fleet.accounts {
		a := s.fleet.account(i)
		_, err := s.db.ExecContext(ctx, "INSERT INTO accounts VALUES (?,?,?)", i, a.Name, a.ID)
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// commit writes rows in one transaction.
func (s *sqlite) commit(ctx context.Context, accounts ...sqliteRows) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning in SQLite: %w", err)
	}
	put := tx.StmtContext(ctx, s.put)
	for _, rows := range accounts {
		for i, c := range rows.charges {
			_, err := put.ExecContext(ctx, rows.account, int64(c.ChargePeriodStart), i%services,
				nanos(c.ContractedCost), nanos(c.CumulatedContractedCost),
				nanos(c.ConsumedQuantity), nanos(c.PricingQuantity), nanos(c.CumulatedPricingQuantity))
			if err != nil {
				return errors.Join(fmt.Errorf("writing to SQLite: %w", err), tx.Rollback())
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing to SQLite: %w", err)
	}
	return nil
}

// size is the database's file once its log is back in it.
func (s *sqlite) size(ctx context.Context) (int64, error) {
	if _, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return 0, fmt.Errorf("taking SQLite's log back: %w", err)
	}
	return diskSize(s.path)
}

// nanos is a number in units of 1e-9; what is finer is cut off.
func nanos(n fetcher.Number) int64 {
	c, exponent, ok := n.Parts()
	if !ok {
		return n.Decimal().Shift(9).IntPart()
	}
	for ; exponent > -9; exponent-- {
		c *= 10
	}
	for ; exponent < -9; exponent++ {
		c /= 10
	}
	return c
}
