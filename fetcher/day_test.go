package fetcher_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"pgregory.net/rapid"
)

func TestDayIsTheUTCDay(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*60*60)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), "2026-09-01"},
		{time.Date(2026, 9, 1, 23, 59, 59, 999, time.UTC), "2026-09-01"},
		{time.Date(2026, 9, 2, 1, 30, 0, 0, berlin), "2026-09-01"},
		{time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), "1970-01-02"},
		{time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), "1969-12-31"},
		{time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), "1969-12-31"},
		{time.Date(1969, 12, 30, 23, 0, 0, 0, time.UTC), "1969-12-30"},
	} {
		if got := fetcher.DayOf(tt.at).String(); got != tt.want {
			t.Errorf("DayOf(%s) = %s, want %s", tt.at, got, tt.want)
		}
	}
	if got := fetcher.NewDay(2026, 2, 31).String(); got != "2026-03-03" {
		t.Errorf("the 31st of February is %s, want 2026-03-03", got)
	}
	if got := day("2026-09-01").Weekday(); got != time.Tuesday {
		t.Errorf("1 September 2026 is a %s, want Tuesday", got)
	}
}

func TestParseDayRefusesWhatIsNoDay(t *testing.T) {
	for _, written := range []string{"", "2026-9-1", "2026-02-29", "2026-13-01", "01-09-2026", "2026-09-01T00:00:00Z", " 2026-09-01", "today"} {
		if got, err := fetcher.ParseDay(written); err == nil || got != 0 {
			t.Errorf("ParseDay(%q) = %v, %v, want an error", written, got, err)
		}
	}
}

func TestNoDay(t *testing.T) {
	var none fetcher.Day
	if !none.IsZero() || none.String() != "" {
		t.Errorf("the zero day is %q, want nothing", none)
	}
	text, err := json.Marshal(struct{ Day fetcher.Day }{})
	if err != nil || string(text) != `{"Day":""}` {
		t.Errorf("the zero day in JSON: got %s, %v", text, err)
	}
	read := struct{ Day fetcher.Day }{day("2026-09-01")}
	if err := json.Unmarshal(text, &read); err != nil || !read.Day.IsZero() {
		t.Errorf("read back: got %v, %v, want no day", read.Day, err)
	}
	if err := json.Unmarshal([]byte(`{"Day":"soon"}`), &read); err == nil {
		t.Error(`the day "soon" was read without an error`)
	}
}

func TestDaysAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := fetcher.Day(rapid.Int32Range(-700_000, 2_900_000).Filter(func(d int32) bool { return d != 0 }).Draw(t, "day"))
		got, err := fetcher.ParseDay(d.String())
		if err != nil || got != d {
			t.Errorf("%d is written %s, which is read as %d, %v", d, d, got, err)
		}
		if back := fetcher.DayOf(d.Time()); back != d {
			t.Errorf("day %d begins on day %d", d, back)
		}
	})
}
