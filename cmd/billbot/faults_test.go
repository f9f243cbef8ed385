package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	faultRow  = regexp.MustCompile(`(?m)^\| ([A-Z]{2}-[0-9]{2}) \|(.*)$`)
	namedTest = regexp.MustCompile("`([a-z/]+) ((?:Test|Fuzz)[A-Za-z0-9]+)(?:/([a-z0-9_]+))?`")
)

// TestFaultsNameTheirTests wants each fault of docs/faults.md to name tests that
// exist, or to say why there are none.
func TestFaultsNameTheirTests(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "faults.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests, seen := testsByRoom(t), map[string]bool{}
	for _, row := range faultRow.FindAllStringSubmatch(string(data), -1) {
		id, named := row[1], namedTest.FindAllStringSubmatch(row[2], -1)
		if seen[id] {
			t.Errorf("%s is there twice", id)
		}
		seen[id] = true
		_, why, uncovered := strings.Cut(row[2], "not covered yet: ")
		if (len(named) == 0) != (uncovered && len(why) > len(" |")) {
			t.Errorf("%s names %d tests, and says that it is not covered: %t", id, len(named), uncovered)
		}
		for _, name := range named {
			if !tests[name[1]+" "+name[2]] {
				t.Errorf("%s: there is no %s in %s", id, name[2], name[1])
			}
			if _, err := os.Stat(filepath.Join("testdata", "script", name[3]+".txtar")); name[3] != "" && err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if strings.Count(row[2], "`Test")+strings.Count(row[2], " Test")+strings.Count(row[2], " Fuzz") != len(named) {
			t.Errorf("%s names tests that cannot be read: %s", id, row[2])
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d faults were found, want the whole catalogue", len(seen))
	}
}

var testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)

// testsByRoom finds all tests, as "store TestOpenRefuses".
func testsByRoom(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for file, source := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, name := range testFunc.FindAllSubmatch(source, -1) {
			found[path.Dir(file)+" "+string(name[1])] = true
		}
	}
	return found
}
