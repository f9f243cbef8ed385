package main

import (
	"encoding/xml"
	"fmt"
	"os"
)

// junitSuites is JUnit's XML, as far as CI systems read it.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

// junitSuite is a test file.
type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes the results for CI.
func writeJUnit(path string, results testResults) error {
	data, err := xml.MarshalIndent(junitOf(results), "", "  ")
	if err != nil {
		return fmt.Errorf("writing the results as JUnit XML: %w", err)
	}
	if err := os.WriteFile(path, append([]byte(xml.Header), append(data, '\n')...), 0o644); err != nil {
		return fmt.Errorf("writing the results as JUnit XML: %w", err)
	}
	return nil
}

func junitOf(results testResults) junitSuites {
	var all junitSuites
	for _, t := range results.tests {
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != t.file {
			all.Suites = append(all.Suites, junitSuite{Name: t.file})
		}
		suite := &all.Suites[len(all.Suites)-1]
		c := junitCase{Name: t.test.Name, Class: t.file, File: t.file, Line: t.test.Line}
		if !t.outcome.OK() {
			suite.Failures++
			c.Failure = &junitFailure{
				Message: fmt.Sprintf("%d expected events missing, %d unexpected", len(t.outcome.Missing), len(t.outcome.Unexpected)),
				Text:    t.diff(""),
			}
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, c)
	}
	return all
}
