package rules

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Rules is a rules file, read and checked.
type Rules struct {
	Timezone  *time.Location // when summaries go out; UTC by default
	Accounts  []Account
	Poll      time.Duration // 1h by default
	Slack     Slack
	Summaries []Summary
	Webhooks  []Webhook
	Rules     []Rule
	Retention Retention
	Warnings  []Problem // what was accepted but deserves a look
	Source    Source
}

// Account is an account to watch.
type Account struct {
	Name      string
	ID        string
	TokenEnv  string // environment variable of its token, CLOUDFLARE_API_TOKEN by default
	TokenFile string // or the file that holds it
	Focus     string // or the FOCUS file, or folder of them, that it is read from
	Channel   string // "" means [Slack].Channel
	Tags      []string
}

// Slack is where messages go and who may ask.
type Slack struct {
	Channel string
	Access  Access
}

// Access lists users (U…), user groups (S…) and channels (C…) by ID. An empty
// list is the default: everyone who can see the bot reads, everyone in an
// alert's channel changes.
type Access struct {
	Read   []string
	Change []string
}

// Every is how often a summary goes out.
type Every string

// The rhythms of summaries: of the newest day; of a week, on its Monday after;
// of a calendar month, on the 1st after; and of each billing period of each
// account, once its last days can change no more.
const (
	EveryDay           Every = "day"
	EveryWeek          Every = "week"
	EveryMonth         Every = "month"
	EveryBillingPeriod Every = "billing_period"
)

// Quiet is what becomes of a summary that has nothing to say. The close of a
// billing period always has: what it came to.
type Quiet string

// A quiet summary is one line, or is skipped.
const (
	QuietShort Quiet = "short"
	QuietSkip  Quiet = "skip"
)

// Summary is a regular report, due at a local time of day.
type Summary struct {
	Every Every
	At    time.Duration // since local midnight
	Quiet Quiet
}

// Rule is one thing to watch. Exactly one of Budget, Spike, Stale,
// Allowance and Price is set.
type Rule struct {
	Name      string
	Match     Match
	Per       Per
	Budget    *Budget
	Spike     *Spike
	Stale     *Stale
	Allowance *Allowance
	Price     *Price
	Severity  Severity
	Mention   []string // user (U…, W…) and user-group (S…) IDs
	Channel   string   // "" means the account's
	Action    *Action  // nil: none
}

// OfBill returns the rules that a bill alone can make fire. The others are about
// whether it can be relied on: days that were written down never fail to come.
func (r *Rules) OfBill() []Rule {
	return slices.DeleteFunc(slices.Clone(r.Rules), func(rule Rule) bool { return rule.Stale != nil })
}

// Kind is the rule's kind, as alerts name it.
func (r Rule) Kind() Kind {
	switch {
	case r.Budget != nil:
		return KindBudget
	case r.Stale != nil:
		return KindStale
	case r.Allowance != nil:
		return KindAllowance
	case r.Price != nil:
		return KindPrice
	}
	return KindSpike
}

// Kind is the kind of a rule and of its alerts.
type Kind string

// The kinds of rules. KindMismatch is what a stale rule says of figures that
// came but may be off, KindUnmatched what is said of any rule that chooses
// nothing on the bill.
const (
	KindBudget Kind = "budget"
	KindSpike  Kind = "spike"
	// KindForecast is an alert of a budget that will be passed, and is not yet.
	KindForecast  Kind = "forecast"
	KindStale     Kind = "stale"
	KindMismatch  Kind = "mismatch"
	KindUnmatched Kind = "unmatched"
	KindAllowance Kind = "allowance"
	KindPrice     Kind = "price"
)

// Per says how many alerts a rule can have: one in all, or one for each
// account, service or zone. PerTotal sums accounts of one currency.
type Per string

// What a rule can be per.
const (
	PerTotal   Per = "total"
	PerAccount Per = "account"
	PerService Per = "service"
	PerZone    Per = "zone"
)

// Severity is how much an alert matters.
type Severity string

// The severities, in rising order.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Critical Severity = "critical"
)

// rank orders severities; an unknown one ranks lowest.
func (s Severity) rank() int {
	switch s {
	case Warning:
		return 1
	case Critical:
		return 2
	}
	return 0
}

// Compare orders severities: negative when s matters less than t.
func (s Severity) Compare(t Severity) int { return s.rank() - t.rank() }

// Spike asks for days on which a service uses far more than usual.
type Spike struct {
	Above   decimal.Decimal // times usual; 2 by default
	AtLeast AtLeast
}

// equal reports whether two spikes ask the same.
func (s Spike) equal(t Spike) bool {
	return s.Above.Equal(t.Above) && s.AtLeast.Amount.Equal(t.AtLeast.Amount) && s.AtLeast.Share.Equal(t.AtLeast.Share)
}

// AtLeast is what a spike's rise must be worth.
type AtLeast struct {
	Amount decimal.Decimal // 1.00 by default, in the account's currency
	Share  decimal.Decimal // percent of what the account usually costs a day; 0 by default
}
