package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/billbot/billbot/"

// rooms is which room may import which; a room's sub-packages inherit its row,
// and may import the room itself. The longest prefix counts.
var rooms = map[string][]string{
	"fetcher":                           {},
	"fetcher/secret":                    {},
	"fetcher/cloudflare":                {"fetcher", "fetcher/secret"},
	"fetcher/focus":                     {"fetcher"},
	"fetcher/cloudflare/cloudflaretest": {"fetcher", "fetcher/cloudflare"},
	"rules":                             {"fetcher", "rules/spend"},
	"rules/spend":                       {"fetcher"},
	"rules/report":                      {"fetcher", "rules", "rules/spend"},
	"rules/ruletest":                    {"fetcher", "rules", "rules/spend"},
	"notifier":                          {"fetcher", "rules", "rules/spend", "rules/report"},
	"notifier/slack":                    {"fetcher", "rules", "rules/spend", "rules/report", "notifier", "notifier/slack/blockkit", "fetcher/secret"},
	"notifier/webhook":                  {"fetcher", "rules", "rules/spend", "rules/report", "notifier", "notifier/outbound", "fetcher/secret"},
	"notifier/slack/blockkit":           {},
	"notifier/slack/slackfake":          {},
	"cmd/billbot/metrics":               {"fetcher", "rules", "rules/spend", "rules/report", "notifier"},
	"notifier/outbound":                 {},
	"store":                             {"fetcher", "rules", "rules/spend", "rules/report", "notifier"},
}

// testRooms are for tests alone, whoever's they are.
var testRooms = []string{"notifier/slack/slackfake"}

// TestTestRooms keeps what only pretends out of the program.
func TestTestRooms(t *testing.T) {
	for file, source := range goFiles(t) {
		for _, imported := range importsOf(t, file, source) {
			ours, is := strings.CutPrefix(imported, module)
			if is && slices.Contains(testRooms, ours) && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s: %s is for tests", file, ours)
			}
		}
	}
}

// TestRooms keeps the table of which room may import which. Tests from outside
// a room may bring the real other side of it.
func TestRooms(t *testing.T) {
	for file, source := range goFiles(t) {
		room := path.Dir(file)
		if room == "cmd/billbot" || strings.HasSuffix(packageOf(source), "_test") {
			continue
		}
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s: room %s is not in the table", file, room)
			continue
		}
		for _, imported := range importsOf(t, file, source) {
			ours, is := strings.CutPrefix(imported, module)
			if is && ours != room && !slices.Contains(allowed, ours) && !slices.Contains(testRooms, ours) {
				t.Errorf("%s: room %s may not import %s", file, room, ours)
			}
		}
	}
}

// TestTopLevel keeps the rooms that everybody knows the only ones: new code goes
// into a sub-package of one of them.
func TestTopLevel(t *testing.T) {
	for file := range goFiles(t) {
		top, _, _ := strings.Cut(file, "/")
		if !slices.Contains([]string{"cmd", "fetcher", "notifier", "rules", "store"}, top) {
			t.Errorf("%s: %s is not a room", file, top)
		}
	}
}

// TestPureRooms keeps clocks, files and networks out of the rooms that decide.
func TestPureRooms(t *testing.T) {
	impure := []string{"net", "net/http", "os", "log", "log/slog", "io/fs"}
	for file, source := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") || !strings.HasPrefix(file, "rules/") && path.Dir(file) != "fetcher" {
			continue
		}
		for _, imported := range importsOf(t, file, source) {
			if slices.Contains(impure, imported) {
				t.Errorf("%s: imports %s", file, imported)
			}
		}
		if strings.Contains(string(source), "time.Now(") {
			t.Errorf("%s: reads the clock", file)
		}
	}
}

// TestFileSizes keeps files small enough to be read in one sitting.
func TestFileSizes(t *testing.T) {
	const most, middle = 350, 140
	var sizes []int
	for file, source := range goFiles(t) {
		lines := strings.Count(string(source), "\n")
		sizes = append(sizes, lines)
		if lines > most {
			t.Errorf("%s: %d lines, more than %d", file, lines, most)
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > middle {
		t.Errorf("the median file has %d lines, more than %d", median, middle)
	}
}

// goFiles reads every Go file of the module, by its path.
func goFiles(t *testing.T) map[string][]byte {
	t.Helper()
	root := filepath.Join("..", "..")
	files := map[string][]byte{}
	err := filepath.WalkDir(root, func(p string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && p != root {
			return filepath.SkipDir // no room: .git, and the tools of .ci
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(p, ".go") {
			return err
		}
		source, err := os.ReadFile(p)
		name, _ := filepath.Rel(root, p)
		files[filepath.ToSlash(name)] = source
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// packageOf is the name in a file's package clause.
func packageOf(source []byte) string {
	_, after, _ := strings.Cut("\n"+string(source), "\npackage ")
	name, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(name)
}

func importsOf(t *testing.T, file string, source []byte) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var imports []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		imports = append(imports, name)
	}
	return imports
}
