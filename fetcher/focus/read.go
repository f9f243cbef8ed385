package focus

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/billbot/billbot/fetcher"
	"github.com/klauspost/compress/gzip"
)

// Limits of a file: rows by the hour and resource are many, the charges they
// make are few.
const (
	maxBytes   = 16 << 30 // after decompression
	maxCharges = 2_000_000
)

// ReadFile reads a FOCUS file, plain or gzip. Its errors name the file and, of a
// row that cannot be, the line.
func ReadFile(path string) ([]fetcher.Charge, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening FOCUS file: %w", err)
	}
	defer f.Close()
	charges, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return charges, nil
}

// Read reads what [ReadFile] reads from any reader. The charges are by day; those
// of several accounts may be among them.
func Read(from io.Reader) ([]fetcher.Charge, error) {
	return read(from, func(fetcher.Charge) bool { return true })
}

// read reads the charges that keep accepts.
func read(from io.Reader, keep func(fetcher.Charge) bool) ([]fetcher.Charge, error) {
	plain, err := unpacked(from)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(io.LimitReader(plain, maxBytes))
	rows.ReuseRecord = true
	names, err := rows.Read()
	if err == io.EOF {
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	h, err := newHeader(names)
	if err != nil {
		return nil, err
	}
	sums := summed{ours: h[cumulatedContractedCost] >= 0}
	for {
		fields, err := rows.Read()
		if err == io.EOF {
			return sums.charges(), nil
		}
		if err != nil {
			return nil, err
		}
		line := row{header: &h, fields: fields}
		charge, err := line.charge()
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if keep(charge) && !sums.add(charge) {
			return nil, fmt.Errorf("more than %d charges", maxCharges)
		}
	}
}

// unpacked undoes gzip, and takes away the mark that spreadsheets begin files
// with.
func unpacked(from io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(from, 1<<16)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("unpacking: %w", err)
		}
		buffered = bufio.NewReaderSize(unpacked, 1<<16)
	}
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3)
	}
	return buffered, nil
}

// IsFile reports whether a file, plain or gzip, begins as a FOCUS file does: with
// a line of names.
func IsFile(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("opening usage file: %w", err)
	}
	defer f.Close()
	plain, err := unpacked(f)
	if err != nil {
		return false, nil // nor is it anything else, which its own reader says better
	}
	const enough = 8 << 10 // sixty columns of FOCUS take two
	beginning := make([]byte, enough)
	n, _ := io.ReadFull(plain, beginning)
	line, _, _ := bytes.Cut(beginning[:n], []byte("\n"))
	json := bytes.HasPrefix(bytes.TrimSpace(line), []byte("{"))
	return !json && bytes.Contains(line, []byte(columnName(billingPeriodStart))), nil
}
