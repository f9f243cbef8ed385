// Score runs the tests of the reliability plan, judges what they measured by
// the table in table.go, and prints how many points that comes to. The table is
// in the README too; -update writes it there.
//
// Tests measure, the table judges. A test reports with
//
//	t.Attr("score", "1 kills=150 lost=0")
//
// the number of a line of the plan and what was counted, and says nothing about
// points. A line scores only where each of its tests ran, passed and reported
// within the bounds.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// expected is what the short form has to reach: a line that scored once stays.
const expected = 84

const readme = "../../README.md"

func main() {
	long := flag.Bool("long", false, "the long form: hours instead of minutes")
	update := flag.Bool("update", false, "write the table into the README")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := score(ctx, *long, *update); err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

func score(ctx context.Context, long, update bool) error {
	form := short
	if long {
		form = longer
	}
	found, err := runAll(ctx, plan, form)
	if err != nil {
		return err
	}
	results := judge(plan, found, form)
	printResults(os.Stdout, results)
	if total := results.total(); total < expected {
		return fmt.Errorf("%d points, expected %d", total, expected)
	}
	if long {
		return nil // the README shows the short form
	}
	if update {
		return writeTable(readme, results.markdown())
	}
	return compareTable(readme, results.markdown())
}
