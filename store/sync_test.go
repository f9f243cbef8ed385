package store

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
)

// syncChild makes this test binary commit so many times in the database of a
// path, and end: "PATH CHANGED UNCHANGED".
const syncChild = "BILLBOT_TEST_SYNCS"

// TestSyncs counts what reaches the disk, as the kernel sees it: a commit of a
// hundred accounts syncs twice, one that changes nothing not at all.
func TestSyncs(t *testing.T) {
	if task := os.Getenv(syncChild); task != "" {
		commitOften(t, task)
		return
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: nobody else sees the syncs of a process")
	}
	path := testPath(t)
	mustClose(t, openTest(t, path))
	syncsOf(t, strace, path, 10, 0) // the file grows, which syncs too
	nothing := syncsOf(t, strace, path, 0, 0)
	if got := syncsOf(t, strace, path, 10, 0) - nothing; got != 20 {
		t.Errorf("10 commits of 100 accounts synced %d times, want 20", got)
	}
	if got := syncsOf(t, strace, path, 0, 10) - nothing; got != 0 {
		t.Errorf("10 commits that change nothing synced %d times, want none", got)
	}
}

// syncsOf counts the syncs of a process that commits.
func syncsOf(t *testing.T, strace, path string, changed, unchanged int) int {
	t.Helper()
	out := filepath.Join(t.TempDir(), "strace.out")
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-o", out, "-e", "trace=fsync,fdatasync", os.Args[0], "-test.run=^TestSyncs$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %d", syncChild, path, changed, unchanged))
	if text, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(text), "PTRACE") {
			t.Skipf("processes may not be traced here: %s", text)
		}
		t.Fatalf("%v: %s", err, text)
	}
	calls, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(calls), "sync(") // a call that another one interrupts resumes without the bracket
}

func commitOften(t *testing.T, task string) {
	t.Helper()
	words := strings.Fields(task)
	changed, _ := strconv.Atoi(words[1])
	unchanged, _ := strconv.Atoi(words[2])
	s := openTest(t, words[0])
	for range changed {
		var commits []Commit
		for i := range 100 {
			account := fetcher.Account{ID: fmt.Sprint(i)}
			v := mustLoad(t, s, account, july)
			rows := testCharges(july, 60)
			rows[59].ContractedCost = fetcher.NewNumber(int64(v.Generation), -2)
			commits = append(commits, Commit{Account: account, Generation: v.Generation, Periods: map[fetcher.Day][]fetcher.Charge{july: rows}})
		}
		mustCommit(t, s, commits...)
	}
	for range unchanged {
		v := mustRead(t, s, fetcher.Account{ID: "0"}, july)
		mustCommit(t, s, Commit{Account: v.Bill.Account, Generation: v.Generation, Periods: map[fetcher.Day][]fetcher.Charge{july: v.Ledger.Charges}})
	}
}
