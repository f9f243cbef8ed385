// Billbot tells a team in Slack what Cloudflare will bill, when, and only when,
// a person should know.
//
// This page is the tour of the code. What the program does for its users is in
// README.md and docs; what each flag does, in billbot --help.
//
// # The rooms
//
// Packages are rooms, and each may import only those below it; structure_test.go
// holds the table and fails when it is broken.
//
//   - fetcher: what a bill is. A Charge is one row; an Answer is what a source
//     said at one moment; a Ledger is what we believe an account owes. Merge
//     takes an answer into a ledger and says whether it can be trusted. A Bill
//     is the ledger by line, in columns: what everybody else reads.
//   - fetcher/cloudflare: asks Cloudflare, and reads its answer exactly or not
//     at all. cloudflaretest is a Cloudflare that replays recorded accounts
//     morning by morning.
//   - fetcher/focus: reads and writes FOCUS files, which other clouds export.
//   - fetcher/secret: a token that cannot be printed by accident.
//   - rules/spend: arithmetic over bills: sums, what is usual, which days
//     break the record, what a period will cost.
//   - rules: reads the rules file; Evaluate says what is true of a bill at a
//     moment, Advance what is worth saying about it.
//   - rules/ruletest: reads tests of rules, and compares what was said with what
//     was expected.
//   - rules/report: summaries, spend and sentences as values and words, the
//     same for Slack and the command line.
//   - notifier: what a message is, and how the outbox is delivered.
//   - notifier/webhook: signed events for other machines.
//   - notifier/slack: Block Kit, chat.postMessage and chat.update; /spend, buttons
//     and App Home, over HTTP and sockets.
//   - notifier/slack/blockkit: Slack's limits, and how what is too much for them
//     is made to fit.
//   - notifier/slack/slackfake: a Slack with channels, sockets and scripted faults,
//     and a log of what it accepted.
//   - notifier/outbound: requests to addresses that people write into settings,
//     which must not reach what only this machine can reach.
//   - store: one bbolt file that keeps it all.
//   - cmd/billbot/metrics: what Prometheus is told; the one place where an amount
//     becomes a float, on its way out.
//   - cmd/billbot: this room. It knows all others: flags, wiring, the schedule;
//     one file a command.
//
// # The line
//
// Everything billbot does goes along one line: ask, decide, commit, deliver. For
// each account, at a poll:
//
//	ask      Store.Load        what is known, by line                     a read
//	         source.Fetch      GET, decode, check                         no transaction
//	         Store.Rows        the charges that the answer is about       a read
//	decide   Ledger.Merge      answer into ledger: trusted or not, why    pure
//	         Rules.Evaluate    rules x bill x now -> findings             pure
//	         EvaluateTrust     how far what is known can be relied on     pure
//	         rules.Advance     alerts x findings -> alerts, events        pure
//	         notifier.Compose  events -> items of the outbox              pure
//	         store.Prepare     packed, encoded, read back and compared    pure
//	commit   Store.Commit      rows, revisions, alerts, items             one write
//	deliver  Deliverer         outbox -> Slack; where it went is kept     no transaction
//	                           outbox -> webhooks, each in its own lane
//
// line.go holds ask's end to commit on one screen; walkers.go has several
// accounts ask and decide at once, and commits up to a hundred together. Nothing
// is sent that was not first committed together with the state it tells of. If
// another commit came in between, Commit refuses and the account walks again. The
// backtest walks the same Evaluate and Advance over recorded rows, so it cannot
// disagree with the daemon.
//
// A message is not "posted" or "edited" when it is composed: delivery edits the
// message whose receipt the store has, and posts where there is none. That is
// why a restart, a kill, or an hour without Slack changes nothing. Where
// an attempt may have been accepted though nobody heard, delivery looks for the
// message, by its metadata, before it posts again (notifier/look.go). What waits for
// a channel and is more than people would read is merged into one message first
// (notifier/gather.go, store/digest.go).
//
// What people do about an alert, by a button, a form or a command, is a second,
// shorter line (actions.go): Acknowledge, Snooze or Expect of a rules.Alert,
// Compose, and Commit of the alert, the items and an entry in the audit trail. A
// button carries the key of its message, in App Home the ID of its alert, and
// nothing else, so it outlives restarts.
//
// A rule may ask a person to have something done (rules/approval.go, approvals.go).
// Each step, from the question to what the webhook answered, is such a commit: the
// alert keeps how far it is, and nothing else does.
//
// # Rules that change
//
// An engine goes by one version of the rules and is never changed. Where the rules
// file changes (reload_watch.go), a reloader makes another engine of it (reload.go)
// that shares what lasts, and puts it in force between two sweeps. Whatever begins,
// a job, an answer, a press, takes eng.newest() and keeps to it.
//
// # Time
//
// Everything below this room takes the moment as an argument; --now sets it.
// gocron stays in schedule.go: nine jobs (poll, summary tick, delivery to people,
// to webhooks, questions that expire, history, prune, reports laid ready, watching Slack), whatever the number of accounts, in
// UTC. Summaries are not scheduled by local time; each minute asks whether one is
// due for a channel and local date.
//
// # Two processes
//
// The daemon holds the database open. A command that finds it locked posts its
// arguments to the daemon's Unix socket (socket.go); the daemon runs the same
// function and sends back what it printed.
//
// # To add
//
//   - a source: a folder under fetcher/ with a Fetch method, one line in
//     plugins.go;
//   - a notifier: a folder under notifier/ with a Send method, one line in
//     plugins.go;
//   - a command: a file with a struct of flags and a Run method, one line in
//     cli.go;
//   - a kind of rule: its block in rules.go, a load_*.go that reads it, its shape
//     in schema_rule.go, an evaluate method that makes findings. Advance does not
//     change.
package main
