package rules

// Webhook is another machine that is told of alerts and summaries. A zero
// choice, such as no Rules, chooses everything.
type Webhook struct {
	Name         string
	URL          string   // https, or http to a private network
	SecretEnv    string   // environment variable of what events are signed with, BILLBOT_WEBHOOK_SECRET by default
	SecretFile   string   // or the file that holds it
	Severity     Severity // alerts that matter less are not told
	Rules        Patterns // by name; with any, summaries are not told
	Accounts     Patterns // by name, ID or tag:NAME
	AllowPrivate bool     // the URL may lead to an address that is not of the public Internet
}

// Hears reports whether the webhook is told of an alert of an account.
func (w Webhook) Hears(account Account, f Finding) bool {
	return f.Severity.Compare(w.Severity) >= 0 && w.Rules.orAll(f.Rule) && w.Watches(account)
}

// HearsSummary reports whether the webhook is told the summary of an account.
func (w Webhook) HearsSummary(account Account) bool { return len(w.Rules) == 0 && w.Watches(account) }

// Watches reports whether the webhook is told anything of an account.
func (w Webhook) Watches(account Account) bool { return Match{Accounts: w.Accounts}.Account(account) }
