package ruletest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// MaxServiceDays bounds a test: its services times their days.
const MaxServiceDays = 100_000

// Load reads a file of tests for the rules. The file name is only for
// messages. The error is [rules.Problems]: every mistake at once, with line
// and column.
func Load(name string, data []byte, r *rules.Rules) (*File, error) {
	form := rules.NewForm("test file", "tests", name, data)
	l := loader{rules: r, names: ruleNames(r), accounts: accountNames(r)}
	file := &File{Name: name, Tests: l.tests(form.Root())}
	if err := form.Err(); err != nil {
		return nil, err
	}
	return file, nil
}

// loader reads the tests of some rules.
type loader struct {
	rules    *rules.Rules
	names    rules.Names // of the rules
	accounts rules.Names
}

func ruleNames(r *rules.Rules) rules.Names {
	var names []string
	for _, rule := range r.Rules {
		names = append(names, rule.Name)
	}
	return rules.NewNames(names)
}

func accountNames(r *rules.Rules) rules.Names {
	var names []string
	for _, a := range r.Accounts {
		names = append(names, a.Name)
	}
	return rules.NewNames(names)
}

func (l loader) tests(root rules.Part) []Test {
	if !root.Present() {
		return nil
	}
	list := root.Block("the file", "tests").Need("tests")
	items := list.Items()
	if list.Present() && len(items) == 0 && list.IsList() {
		list.Report("the file has no tests")
	}
	var tests []Test
	first := map[string]int{}
	for _, item := range items {
		if item.Hopeless() {
			break
		}
		t := l.test(item)
		if line, seen := first[t.Name]; seen && t.Name != "" {
			item.Report("duplicate test %q, first on line %d", Cut(t.Name), line)
		}
		first[t.Name] = item.Line()
		tests = append(tests, t)
	}
	return tests
}

func (l loader) test(part rules.Part) Test {
	b := part.Block("a test", "name", "start", "anchor", "account", "currency", "services", "expect")
	t := Test{Line: part.Line(), Currency: "USD"}
	t.Name, _ = b.Need("name").Text()
	t.Start, _ = b.Need("start").Day()
	t.Anchor = anchor(b.Get("anchor"), t.Start)
	if code := b.Get("currency").Currency(); code != "" {
		t.Currency = code
	}
	account := l.account(b.Get("account"), l.usual())
	services := b.Need("services")
	t.Rows = l.rows(services, account)
	if services.IsMapping() && len(t.Rows) == 0 {
		services.Report("\"services\" is empty: nothing can happen in a test without any")
	}
	checkSize(part, t.Rows)
	of := subjectsOf(t.Rows)
	for _, item := range b.Get("expect").Items() {
		t.Expect = append(t.Expect, l.expectation(item, of))
	}
	return t
}

// anchor is the day of the month on which billing periods begin: that of the
// start, unless the test says another.
func anchor(part rules.Part, start fetcher.Day) int {
	if !part.Present() {
		return start.Time().Day()
	}
	text, ok := part.Text()
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 31 {
		part.Report("\"anchor\" is a day of the month, from 1 to 31, not %q", Cut(text))
		return 1
	}
	return n
}

func checkSize(part rules.Part, rows []Row) {
	size := 0
	for _, row := range rows {
		size += row.days()
	}
	if size > MaxServiceDays {
		part.Report("the test has %d services times days: at most %d", size, MaxServiceDays)
	}
}

// usual is the account of tests that name none: the first of the rules file,
// or one of its own.
func (l loader) usual() rules.Account {
	if len(l.rules.Accounts) > 0 {
		return l.rules.Accounts[0]
	}
	return rules.Account{Name: "test", ID: "test"}
}

// account is the account that a part names. Where the rules file has accounts
// it must be one of those: rules choose accounts by their tags.
func (l loader) account(part rules.Part, usual rules.Account) rules.Account {
	text, ok := part.Text()
	if !ok {
		return usual
	}
	if len(l.rules.Accounts) == 0 {
		return rules.Account{Name: text, ID: text}
	}
	name := text
	if !slices.ContainsFunc(l.rules.Accounts, func(a rules.Account) bool { return a.ID == text }) {
		name, _ = part.Known("account", text, l.accounts)
	}
	for _, a := range l.rules.Accounts {
		if name != "" && (a.ID == name || strings.EqualFold(a.Name, name)) {
			return a
		}
	}
	return usual
}
