package main

// A form is how long the tests may take.
type form int

const (
	short  form = iota // minutes, at every change
	longer             // hours, before a release
)

// env is what a form is called in BILLBOT_SCORE.
func (f form) env() string { return [...]string{"short", "long"}[f] }

// A line is one of the test plan.
type line struct {
	number int
	area   string
	asks   string // of the tests, in a sentence for the README
	points int
	gate   bool // a breach of it caps the total
	proofs []proof
	lacks  string // what is not shown yet, so that the line cannot score
}

// A proof is a test that has to report. Its bounds hold a word for each thing it
// measures, such as "kills>=150 lost<=0".
type proof struct {
	room   string // the folder of its package
	test   string // with its subtest, if that is what reports
	bounds [2]string
}

// same is the bounds of tests that do as much in both forms.
func same(bounds string) [2]string { return [2]string{bounds, bounds} }

// capped is the most that is scored where a gate is breached.
const capped = 50
