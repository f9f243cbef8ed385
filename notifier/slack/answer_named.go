package slack

import (
	"slices"
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// named answers for the account, the service or the services that were named,
// or for the one account or service whose name is nearest, saying so. Where a
// word of /spend is near, that is offered instead: it was meant more likely.
func named(q Query, spends []report.Spend) (m Message, known bool) {
	if m, known := exactly(q.Name, spends); known {
		return m, true
	}
	near := likely(q.Name, slices.Concat(accountsOf(spends), servicesOf(spends)))
	_, isWord := rules.Nearest(q.Name, guesses())
	m, known = exactly(near, spends)
	if !known || isWord && !isCutShort(q.Name, near) {
		return say(unknown(q, "")...), false
	}
	note := "Nothing is called " + quoted(q.Name) + "; this is " + report.Name(near, 60) + "."
	m.Blocks = append([]slack.Block{lines(note)}, m.Blocks...)
	return m, true
}

// exactly answers for an account by its name, or for services by their name or
// its first words.
func exactly(name string, spends []report.Spend) (m Message, known bool) {
	if name == "" {
		return Message{}, false
	}
	for _, account := range accountsOf(spends) {
		if isCalled(account, name) {
			return RenderSpend(only(spends, account)), true
		}
	}
	services := called(servicesOf(spends), name)
	if len(services) == 0 {
		return Message{}, false
	}
	title := report.ServiceTitle(spends, services, name)
	return listed("💵", title, append(report.ServiceLines(spends, services), data(spends))), true
}

// called is the services of a name, or, if there is none, those that begin
// with it: D1 is "D1 - Rows Read" and "D1 - Rows Written".
func called(services []string, name string) []string {
	var same, begin []string
	for _, s := range services {
		switch {
		case isCalled(s, name):
			same = append(same, s)
		case isCalled(firstWords(s, name), name):
			begin = append(begin, s)
		}
	}
	if len(same) > 0 {
		return same
	}
	return begin
}

// isCalled compares a name with what was typed, as [ParseQuery] reads it.
func isCalled(name, typed string) bool {
	return strings.EqualFold(unquoted(normal(name)), unquoted(normal(typed)))
}

// firstWords is as many words of a name as another has.
func firstWords(name, like string) string {
	words := strings.Fields(normal(name))
	return strings.Join(words[:min(len(words), len(strings.Fields(like)))], " ")
}

// likely returns the only name that what was typed is near; "" when there is
// none, or more than one. Fewer than four letters are too few to guess by.
func likely(typed string, names []string) string {
	const shortest = 4
	if len(typed) < shortest {
		return ""
	}
	near, _ := rules.Nearest(typed, names)
	others := slices.DeleteFunc(names, func(name string) bool { return name == near })
	if _, another := rules.Nearest(typed, others); another {
		return ""
	}
	return near
}

// isCutShort reports whether what was typed is how a name begins.
func isCutShort(typed, name string) bool {
	return strings.HasPrefix(strings.ToLower(normal(name)), strings.ToLower(typed))
}

func accountsOf(spends []report.Spend) []string {
	var names []string
	for _, s := range spends {
		if !slices.Contains(names, s.Account) {
			names = append(names, s.Account)
		}
	}
	return names
}

func servicesOf(spends []report.Spend) []string {
	var names []string
	met := map[string]bool{}
	for _, s := range spends {
		for _, v := range s.Services {
			if !met[v.Service] {
				met[v.Service] = true
				names = append(names, v.Service)
			}
		}
	}
	return names
}

// only is the spends of one account: one for each currency it is billed in.
func only(spends []report.Spend, account string) []report.Spend {
	return slices.DeleteFunc(slices.Clone(spends), func(s report.Spend) bool { return s.Account != account })
}
