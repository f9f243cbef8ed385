package store

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchema2IsRead reads testdata/schema2.golden, which the code of schema 2
// wrote from fullFile. It is never written again: a file that some billbot wrote
// must be read by all later ones.
func TestSchema2IsRead(t *testing.T) {
	golden, err := os.ReadFile("testdata/schema2.golden")
	mustDo(t, err)
	path := testPath(t)
	writeFile(t, path, string(golden))
	s := openTest(t, path)
	found, err := s.Check(t.Context())
	if err != nil || len(found.Problems) > 0 {
		t.Errorf("error %v, problems %v", err, found.Problems)
	}
	mustClose(t, s)
	if diff := cmp.Diff(allOf(t, fullFile(t)), allOf(t, path), inside); diff != "" {
		t.Errorf("schema 2 (-want +got):\n%s", diff)
	}
}
