package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

const damageRules = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
  - {name: staging, id: fedcba9876543210fedcba9876543210, channel: "#staging"}
slack: {channel: "#cloud-spend"}
summaries: [{every: day, at: "09:00"}]
rules:
  - {name: together, per: total, budget: {amount: 10000}}
  - {name: each, budget: {amount: 1, actual: [50%]}}
`

// spoilValue changes a byte of production's value, the first one, in a bucket of
// a closed database.
func spoilValue(t *testing.T, path, bucket string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		cursor := b.Cursor()
		key, value := cursor.First()
		for key != nil && bucket != "periods" && !bytes.Contains(key, []byte(testAccount)) {
			key, value = cursor.Next()
		}
		if key == nil {
			t.Fatalf("%s: nothing to spoil", bucket)
		}
		value = bytes.Clone(value)
		value[len(value)-1] ^= 1
		return b.Put(bytes.Clone(key), value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestADamagedAccountIsNoSilence breaks one value of one account. The channels
// get their summaries all the same, in which the account is named; that it is
// broken is told once, and /healthz has every account.
func TestADamagedAccountIsNoSilence(t *testing.T) {
	for _, bucket := range []string{"accounts", "periods", "alerts"} {
		t.Run(bucket, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { damageOne(t, bucket) })
		})
	}
}

func damageOne(t *testing.T, bucket string) {
	staging := cloudflaretest.Account{ID: "fedcba9876543210fedcba9876543210", Name: "Staging", Currency: "USD", Anchor: 12,
		Series: []cloudflaretest.Series{cloudflaretest.Steady("D1 - Rows Read (first 25 billion included)", fetcher.NewDay(1999, time.December, 30), 70, dollars("0.1"))}}
	w := newWorld(t, damageRules, twoMonths(), staging.Recording())
	eng := w.open(t)
	w.hours(t, eng, 4*24, nil)
	eng.store.Close()
	spoilValue(t, w.env.dbFile, bucket)
	before := len(w.slack.posted("billbot_summary"))
	eng = w.open(t)
	defer eng.store.Close()
	w.hours(t, eng, 48, nil)

	named := map[string]int{}
	for _, m := range w.slack.posted("billbot_summary")[before:] {
		if named[m.Channel]++; m.Channel == slackfake.ChannelID("#cloud-spend") && !strings.Contains(m.Text, "production could not be read since") {
			t.Errorf("a summary that does not name what could not be read: %s", m.Text)
		}
	}
	if named[slackfake.ChannelID("#cloud-spend")] != 2 || named[slackfake.ChannelID("#staging")] != 2 {
		t.Errorf("summaries: got %v, want two in each channel", named)
	}
	told := 0
	for _, text := range w.texts() {
		if strings.Contains(text, "what billbot keeps of it is damaged") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the damage was told %d times: %q", told, w.texts())
	}
	h, err := eng.health(context.Background(), time.Now())
	if err != nil || h.OK || len(h.Accounts) != 2 || h.Accounts[0].Failure != damagedWhy || h.Accounts[1].Failure != "" || h.Accounts[1].Through == "" {
		t.Errorf("health: %+v, %v", h, err)
	}
}
