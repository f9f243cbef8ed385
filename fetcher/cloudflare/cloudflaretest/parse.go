package cloudflaretest

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/billbot/billbot/fetcher"
)

// ParseRecording reads a recording in the format the package comment
// describes. Its errors name the line.
func ParseRecording(in io.Reader) (Recording, error) {
	p := parser{
		recording: Recording{Currency: "USD", Pricing: PricingBilled},
		services:  map[string]Service{},
		zones:     map[string]Zone{},
		told:      map[toldOn]bool{},
	}
	lines := csv.NewReader(in)
	lines.Comment = '#'
	lines.FieldsPerRecord = -1
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Recording{}, fmt.Errorf("reading a recording: %w", err)
		}
		if err := p.line(fields); err != nil {
			number, _ := lines.FieldPos(0)
			return Recording{}, fmt.Errorf("reading a recording: line %d: %w", number, err)
		}
	}
	if p.recording.AccountID == "" {
		return Recording{}, errors.New("reading a recording: no account line")
	}
	return p.recording, nil
}

// parser is a recording being read.
type parser struct {
	recording Recording
	services  map[string]Service
	zones     map[string]Zone
	told      map[toldOn]bool
}

// toldOn is a row on a morning; two lines for it would contradict each other.
type toldOn struct {
	row     key
	morning fetcher.Day
}

func (p *parser) line(fields []string) error {
	if kind := fields[0]; kind == "" || kind[0] < '0' || kind[0] > '9' {
		return p.head(kind, fields[1:])
	}
	return p.row(fields)
}
