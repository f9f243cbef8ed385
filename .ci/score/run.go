package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// An outcome is how a test ended, and what it reported, by line of the plan.
type outcome struct {
	action   string // pass, fail or skip; "" when it never ended
	measured map[int]map[string]float64
	output   strings.Builder
}

// A name is a test's: its package's folder, and its own with that of a subtest.
type name struct{ room, test string }

// outcomes is those of all tests that ran.
type outcomes map[name]*outcome

func (o outcomes) of(n name) *outcome {
	if o[n] == nil {
		o[n] = &outcome{measured: map[int]map[string]float64{}}
	}
	return o[n]
}

// limits is what one run of all tests may take, by form.
var limits = [2]string{"14m", "12h"}

// runAll runs the tests that a plan names, in one go test.
func runAll(ctx context.Context, plan []line, f form) (outcomes, error) {
	rooms, tests := map[string]bool{}, map[string]bool{}
	for _, l := range plan {
		for _, p := range l.proofs {
			top, _, _ := strings.Cut(p.test, "/")
			rooms["./"+p.room], tests[regexp.QuoteMeta(top)] = true, true
		}
	}
	run := "^(" + strings.Join(slices.Sorted(maps.Keys(tests)), "|") + ")$"
	args := []string{"test", "-json", "-count=1", "-timeout", limits[f], "-run", run}
	command := exec.CommandContext(ctx, "go", append(args, slices.Sorted(maps.Keys(rooms))...)...)
	command.Dir, command.Stderr = "../..", os.Stderr
	command.Env = append(os.Environ(), "BILLBOT_SCORE="+f.env())
	events, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("running the tests: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("running the tests: %w", err)
	}
	found, err := read(events)
	_ = command.Wait() // tests that fail are in what was read
	return found, err
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Key, Value, Output string
}

const module = "github.com/billbot/billbot/"

// read takes in what go test -json says. What does not build fails its package.
func read(events io.Reader) (outcomes, error) {
	found := outcomes{}
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("reading what go test says: %w", err)
		}
		if err := found.add(e); err != nil {
			return nil, err
		}
	}
	return found, lines.Err()
}

func (o outcomes) add(e event) error {
	test := o.of(name{strings.TrimPrefix(e.Package, module), e.Test})
	switch e.Action {
	case "pass", "fail", "skip":
		test.action = e.Action
	case "output", "build-output":
		test.output.WriteString(e.Output)
	case "attr":
		return test.report(e)
	}
	return nil
}

func (o *outcome) report(e event) error {
	if e.Key != "score" {
		return nil
	}
	number, measured, err := measures(e.Value)
	if err != nil {
		return fmt.Errorf("%s: %w", e.Test, err)
	}
	o.measured[number] = measured
	return nil
}
