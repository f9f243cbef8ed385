package rules

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

var updateWants = flag.Bool("update", false, "rewrite testdata/bad/*.want from what Load says")

// TestLoadBad compares every mistake of the files in testdata/bad with the
// .want beside it.
func TestLoadBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("files of testdata/bad: got %d, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			got := mistakes(t, name, readFile(t, file))
			want := strings.TrimSuffix(file, ".yaml") + ".want"
			if *updateWants {
				if err := os.WriteFile(want, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, want)), got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// mistakes is what Load says of a bad file, one line each.
func mistakes(t testing.TB, name string, data []byte) string {
	t.Helper()
	rules, err := Load(name, data)
	problems, ok := err.(Problems)
	if !ok || rules != nil {
		t.Fatalf("Load: got %v, %v, want no rules and Problems", rules, err)
	}
	if !slices.IsSortedFunc(problems, byPosition) {
		t.Errorf("mistakes are not in the order of the file:\n%v", err)
	}
	return err.Error() + "\n"
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLoadTellsTenMistakesAtOnce(t *testing.T) {
	got := mistakes(t, "ten.yaml", readFile(t, "testdata/bad/ten.yaml"))
	if lines := strings.Count(got, "\n"); lines != 10 {
		t.Errorf("got %d lines, want 10:\n%s", lines, got)
	}
}

// Values that may be secrets are never part of a message.
func TestLoadDoesNotShowSecrets(t *testing.T) {
	data := readFile(t, "testdata/bad/secrets.yaml")
	got := mistakes(t, "secrets.yaml", data)
	for _, secret := range []string{"xoxb-", "xapp-", "hooks.slack.com", "v4abc", "q9sPL2", "5f\n"} {
		if !strings.Contains(string(data), secret) {
			t.Errorf("the file does not hold %q", secret)
		}
		if strings.Contains(got, secret) {
			t.Errorf("the messages show %q:\n%s", secret, got)
		}
	}
}

func TestLoadTooLarge(t *testing.T) {
	data := []byte("rules: [] #" + strings.Repeat("x", maxFile))
	want := "big.yaml:1:1: the file has 1048587 bytes: a rules file has at most 1 MiB\n"
	if got := mistakes(t, "big.yaml", data); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := Load("big.yaml", data[:maxFile]); err != nil {
		t.Errorf("a file of 1 MiB: got %v, want no error", err)
	}
}

// A bomb of nesting or aliases ends at the limit, with one line or one a line.
func TestLoadBombs(t *testing.T) {
	for _, tc := range []struct{ name, data, want string }{
		{"brackets", strings.Repeat("[", 50_000), "b:1:33: nested more than 32 deep\n"},
		{"braces", strings.Repeat("a: {", 10_000), "nested more than 32 deep\n"},
		{"dashes", strings.Repeat("- ", 25_000), "nested more than 32 deep\n"},
		{"aliases", aliasBomb(), "aliases are not part of a rules file"},
		{"itself", "rules: &r [*r]\n", "b:1:12: aliases are not part"},
	} {
		if got := mistakes(t, "b", []byte(tc.data)); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q in it", tc.name, got, tc.want)
		}
	}
}

// Once no more mistakes are told, nothing is read any more: junk takes what
// parsing it does.
func TestLoadJunk(t *testing.T) {
	for _, list := range []string{"rules", "accounts"} {
		data := []byte(list + ":\n" + strings.Repeat("- {}\n", 170_000))
		parsed := testing.AllocsPerRun(1, func() { newReader("b").parse(data) })
		read := testing.AllocsPerRun(1, func() { _, _ = Load("b", data) })
		if read > parsed+100_000 {
			t.Errorf("%s: got %v allocations, %v of them to parse", list, read, parsed)
		}
	}
}

// A bomb as large as a file may be is refused without being read: what that
// takes does not depend on its size.
func TestLoadBombsCostNothing(t *testing.T) {
	const size, most = maxFile - 100, 5_000 // allocations; a value that is read takes some
	bombs, slowest := 0, time.Duration(0)
	for name, data := range map[string]string{
		"brackets": strings.Repeat("[", size),
		"braces":   strings.Repeat("{a: ", size/4),
		"dashes":   strings.Repeat("- ", size/2),
		"question": strings.Repeat("? ", size/2),
		"blocks":   deepBlocks(),
		"aliases":  "x: &a {name: b}\nrules: [" + strings.Repeat("*a,", size/3-10) + "]\n",
		"anchors":  strings.Repeat("- &a x\n", size/7),
		"merges":   "a: &a {x: 1}\n" + strings.Repeat("b: {<<: *a}\n", size/13),
		"doubling": strings.Repeat(aliasBomb(), size/len(aliasBomb())),
		"too long": strings.Repeat("a: b\n", 10*maxFile),
	} {
		var err error
		fastest := time.Hour // of the two times that it is run: others may be busy
		if allocs := testing.AllocsPerRun(1, func() {
			began := time.Now()
			_, err = Load("b", []byte(data))
			fastest = min(fastest, time.Since(began))
		}); allocs > most {
			t.Errorf("%s: got %v allocations, want at most %d", name, allocs, most)
		}
		if problems, ok := err.(Problems); !ok || len(problems) != 1 {
			t.Errorf("%s: got %.200v, want one problem", name, err)
		}
		bombs, slowest = bombs+1, max(slowest, fastest)
	}
	t.Attr("score", fmt.Sprintf("20 bombs=%d milliseconds=%d", bombs, slowest.Milliseconds()))
}

func deepBlocks() string {
	var b strings.Builder
	for i := range 1000 {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// A thousand mistakes are as good as all.
func TestLoadTellsAThousandMistakes(t *testing.T) {
	got := mistakes(t, "b", []byte("rules:\n"+strings.Repeat("- {}\n", 2000)))
	if lines := strings.Count(got, "\n"); lines != maxProblems {
		t.Errorf("got %d lines, want %d", lines, maxProblems)
	}
}

// aliasBomb would be 9^20 values if it were written out.
func aliasBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := range 20 {
		from, to := "*a"+decimal.NewFromInt(int64(i)).String(), decimal.NewFromInt(int64(i+1)).String()
		b.WriteString("a" + to + ": &a" + to + " [" + strings.TrimSuffix(strings.Repeat(from+",", 9), ",") + "]\n")
	}
	return b.String()
}

func TestLoadBOM(t *testing.T) {
	got, err := Load("bom.yaml", []byte("\ufeffpoll: 2h\nrules: []\n"))
	if err != nil || got.Poll != 2*time.Hour {
		t.Errorf("got %v, %v, want a poll of 2h", got, err)
	}
}
