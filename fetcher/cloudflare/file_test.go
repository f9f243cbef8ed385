package cloudflare

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

func TestReadFileReadsRecordedCases(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "detect", "cases")
	paths, err := filepath.Glob(filepath.Join(folder, "*.json.gz"))
	if err != nil || len(paths) == 0 {
		t.Skipf("no recorded cases in %s", folder)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			count, sum := countRows(t, path)
			cost := decimal.Zero
			for _, c := range got.Charges {
				cost = cost.Add(c.ContractedCost.Decimal())
			}
			if len(got.Charges) != count || !cost.Equal(sum) {
				t.Errorf("got %d rows of %s, want %d of %s", len(got.Charges), cost, count, sum)
			}
		})
	}
}

// countRows counts and sums up a file's rows by other means.
func countRows(t *testing.T, path string) (int, decimal.Decimal) {
	t.Helper()
	packed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Result []struct{ ContractedCost decimal.Decimal }
	}
	if err := json.NewDecoder(plain).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	sum := decimal.Zero
	for _, row := range answer.Result {
		sum = sum.Add(row.ContractedCost)
	}
	return len(answer.Result), sum
}

func zipped(t testing.TB, plain []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(plain)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestReadFile(t *testing.T) {
	body := []byte(envelopeOf(with(), with()))
	packed := zipped(t, body)
	cases := map[string]struct {
		content []byte
		want    string // of the error
	}{
		"plain":          {body, ""},
		"gzip":           {packed, ""},
		"empty":          {nil, "the answer is empty"},
		"cut off gzip":   {packed[:len(packed)/2], "unexpected EOF"},
		"only the magic": {packed[:2], "unpacking: unexpected EOF"},
		"broken gzip":    {append(packed[:len(packed)-8:len(packed)-8], 1, 2, 3, 4, 5, 6, 7, 8), "gzip: invalid checksum"},
		"bad row":        {[]byte(envelopeOf("{}")), "row 1: ServiceName is missing"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "usage.json")
			if err := os.WriteFile(path, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := ReadFile(path)
			if tt.want == "" && (err != nil || len(got.Charges) != 2) {
				t.Errorf("got %d rows and error %v, want 2 rows", len(got.Charges), err)
			}
			if want := "reading usage file " + path + ": " + tt.want; tt.want != "" && (err == nil || err.Error() != want) {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v, want os.ErrNotExist", err)
	}
}

func TestReadAllLimitsUnpackedBytes(t *testing.T) {
	packed := zipped(t, make([]byte, 2<<20))
	if _, err := readAll(bytes.NewReader(packed), 1<<20); err == nil || err.Error() != "the answer is larger than 1 MiB" {
		t.Errorf("too large: got %v", err)
	}
	if body, err := readAll(bytes.NewReader(packed), 2<<20); err != nil || len(body) != 2<<20 {
		t.Errorf("as large as may be: got %d bytes, %v", len(body), err)
	}
	if _, err := readAll(io.MultiReader(strings.NewReader("{"), brokenReader{}), 10); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken reader: got %v", err)
	}
}

// TestBombs: little that unpacks to much is refused before much of it is read; a
// file of years of rows is none.
func TestBombs(t *testing.T) {
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"spaces":   {zipped(t, bytes.Repeat([]byte(" "), 200<<20)), "it unpacks to more than 400 times its size"},
		"plain":    {bytes.Repeat([]byte(" "), maxFile+1), "the answer is larger than 128 MiB"},
		"one day":  {zipped(t, bytes.Repeat([]byte(" "), 20<<20)), "the answer is empty"},
		"of years": {zipped(t, yearsOf(t, 40<<20)), ""},
	} {
		if _, err := ReadUsage(bytes.NewReader(tt.file)); err == nil && tt.want != "" || err != nil && err.Error() != tt.want {
			t.Errorf("%s: got error %v, want %q", name, err, tt.want)
		}
	}
}

// yearsOf is an answer of so many bytes, whose rows differ as little as those of a
// service that nobody uses.
func yearsOf(t *testing.T, size int) []byte {
	t.Helper()
	var rows []string
	for length := 0; length < size; length += len(rows[0]) {
		day := fetcher.NewDay(2020, 1, 1) + fetcher.Day(len(rows)%2000)
		midnight := func(d fetcher.Day) string { return `"` + d.String() + `T00:00:00Z"` }
		rows = append(rows, with("BillingPeriodStart", midnight(day), "ChargePeriodStart", midnight(day), "ChargePeriodEnd", midnight(day+1)))
	}
	return []byte(envelopeOf(rows...))
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
