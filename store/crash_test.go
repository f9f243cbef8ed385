package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// A disk writes the pages of a commit in any order, until it is told to sync:
// once before the page with the new root, and once after it. What stands in the
// file when the power fails is made here from the files before and after.

// crash is a file as a power failure may leave it, and whether the commit has to
// be there.
type crash struct {
	image []byte
	done  bool // else it must not be there, or may be where either is true
	may   bool
}

// crashes are some of a commit's: any of its pages but the root, all of them but
// the root, half a root, and everything.
func crashes(r *rand.Rand, before, after []byte) []crash {
	changed, root := changedPages(before, after), newRoot(before, after)
	all := written(before, after, changed)
	made := []crash{{image: all}, {image: written(all, after, []int{root}), done: true}}
	for range 4 {
		some := []int{}
		for _, page := range changed {
			if r.IntN(2) == 0 {
				some = append(some, page)
			}
		}
		made = append(made, crash{image: written(before, after, some)})
	}
	half := bytes.Clone(all)
	at := root * os.Getpagesize()
	copy(half[at:], after[at:at+1+r.IntN(pageHead+metaSize)])
	return append(made, crash{image: half, may: true})
}

// changedPages are the pages that a commit wrote, but for the two with roots.
func changedPages(before, after []byte) []int {
	var changed []int
	for page := 2; page < len(after)/os.Getpagesize(); page++ {
		at, end := page*os.Getpagesize(), (page+1)*os.Getpagesize()
		if end > len(before) || !bytes.Equal(before[at:end], after[at:end]) {
			changed = append(changed, page)
		}
	}
	return changed
}

// newRoot is the page with the root that a commit wrote.
func newRoot(before, after []byte) int {
	if bytes.Equal(before[:os.Getpagesize()], after[:os.Getpagesize()]) {
		return 1
	}
	return 0
}

// written copies pages of one file into another, which grows as far as it has to.
func written(into, from []byte, pages []int) []byte {
	size := len(into)
	for _, page := range pages {
		size = max(size, (page+1)*os.Getpagesize())
	}
	image := append(bytes.Clone(into), make([]byte, size-len(into))...)
	for _, page := range pages {
		at := page * os.Getpagesize()
		copy(image[at:at+os.Getpagesize()], from[at:])
	}
	return image
}

// TestCrashImages reads what is left of commits that a power failure cut short:
// all of a commit is there, or nothing of it.
func TestCrashImages(t *testing.T) {
	commits := 10
	if os.Getenv("BILLBOT_SCORE") != "" {
		commits = 50
	}
	path, crashed := fullFile(t), filepath.Join(t.TempDir(), "crashed.db")
	r := rand.New(rand.NewPCG(3, 4))
	images, wrong := 0, 0
	for n := range commits {
		before, was := readAll(t, path)
		commitNumber(t, path, n)
		after, is := readAll(t, path)
		for _, c := range crashes(r, before, after) {
			images++
			writeFile(t, crashed, string(c.image))
			got, isDiff := allOf(t, crashed), ""
			if isDiff = cmp.Diff(is, got, inside); isDiff == "" && (c.done || c.may) {
				continue
			}
			if diff := cmp.Diff(was, got, inside); c.done || diff != "" {
				wrong++
				t.Errorf("commit %d, done %t: neither what was (-want +got):\n%s\nnor what is:\n%s", n, c.done, diff, isDiff)
			}
		}
	}
	t.Attr("score", fmt.Sprintf("12 commits=%d crashes=%d wrong=%d", commits, images, wrong))
}

func readAll(t *testing.T, path string) (image []byte, all map[string]any) {
	t.Helper()
	image, err := os.ReadFile(path)
	mustDo(t, err)
	return image, allOf(t, path)
}

// commitNumber is one of many commits to a few accounts.
func commitNumber(t *testing.T, path string, n int) {
	t.Helper()
	s := openTest(t, path)
	defer mustClose(t, s)
	c := fullCommit(prod)
	if n%3 > 0 {
		c.Account = fetcher.Account{ID: fmt.Sprint("account-", n%3), Name: "x"}
	}
	c.Generation = mustLoad(t, s, c.Account, 0).Generation
	c.Periods = map[fetcher.Day][]fetcher.Charge{july: testCharges(july, 30+n)}
	c.Items[0].Key = fmt.Sprint("item-", n)
	mustCommit(t, s, c)
}
