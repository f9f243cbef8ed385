package metrics

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/prometheus/client_golang/prometheus"
)

// counts is what is counted since billbot started.
type counts struct {
	polls      *prometheus.CounterVec // by account, result
	errors     *prometheus.CounterVec // by kind
	jobs       *prometheus.CounterVec // by job
	deliveries *prometheus.CounterVec // by outcome
	looks      *prometheus.CounterVec // by outcome
	answers    prometheus.Histogram
}

// The results of polls beside the verdicts on an answer.
const (
	resultFailed = "failed" // no answer
	resultLost   = "lost"   // what is known could not be read, or what was found not written
)

// The kinds of errors beside the faults of a source.
const (
	kindOther     = "other" // no answer, and nobody knows why
	kindUntrusted = "untrusted"
	kindDatabase  = "database"
)

// answerBuckets are around what Slack waits for: three seconds, of which an
// answer may take two before it is sent behind.
var answerBuckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10, 60}

// newCounts begins all that can be named at zero: a series that is not there
// until something went wrong hides its first increase.
func newCounts() counts {
	c := counts{
		polls:      counter("billbot_polls_total", "Polls of an account, by what came of them.", "account", "result"),
		errors:     counter("billbot_errors_total", "What went wrong in polls, by kind.", "kind"),
		jobs:       counter("billbot_job_errors_total", "Turns of a scheduled job that ended with an error.", "job"),
		deliveries: counter("billbot_delivery_attempts_total", "Attempts to send a message, by outcome.", "outcome"),
		looks:      counter("billbot_delivery_looks_total", "Looks for a message whose confirmation was lost, by outcome.", "outcome"),
		answers: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "billbot_slash_command_duration_seconds", Buckets: answerBuckets,
			Help: "Time from when a /spend command came until it was answered.",
		}),
	}
	begin(c.errors, nil, kindOther, kindUntrusted, kindDatabase,
		string(fetcher.FaultToken), string(fetcher.FaultAddress), string(fetcher.FaultBusy), string(fetcher.FaultSource), string(fetcher.FaultNetwork))
	begin(c.deliveries, nil, outcomes(notifier.Sent, notifier.Retry, notifier.Ambiguous, notifier.Refused, notifier.Closed, notifier.Gone)...)
	begin(c.looks, nil, outcomes(notifier.Sent, notifier.Missing, notifier.Blind, notifier.Retry)...)
	return c
}

// begin begins the polls of an account, which may have been begun before.
func (c counts) begin(account string) {
	begin(c.polls, []string{account}, string(fetcher.Trusted), string(fetcher.NoData), string(fetcher.Untrusted), resultFailed, resultLost)
}

// forget ends the polls of an account.
func (c counts) forget(account string) {
	c.polls.DeletePartialMatch(prometheus.Labels{"account": account})
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func begin(c *prometheus.CounterVec, before []string, values ...string) {
	for _, value := range values {
		c.WithLabelValues(append(before, value)...)
	}
}

func outcomes(classes ...notifier.Class) []string {
	names := make([]string, len(classes))
	for i, class := range classes {
		names[i] = string(class)
	}
	return names
}

func (c counts) collectors() []prometheus.Collector {
	return []prometheus.Collector{c.polls, c.errors, c.jobs, c.deliveries, c.looks, c.answers}
}

// Polled counts a poll of an account whose outcome was written.
func (m *Metrics) Polled(account string, poll fetcher.PollState) {
	result := string(poll.Trust.Verdict)
	switch {
	case poll.Failure != "" && poll.Fault == "":
		result = resultFailed
		m.counts.errors.WithLabelValues(kindOther).Inc()
	case poll.Failure != "":
		result = resultFailed
		m.counts.errors.WithLabelValues(string(poll.Fault)).Inc()
	case poll.Trust.Verdict == fetcher.Untrusted:
		m.counts.errors.WithLabelValues(kindUntrusted).Inc()
	}
	m.counts.polls.WithLabelValues(account, result).Inc()
}

// Lost counts a poll of an account that came to nothing, as the database could
// not be read or written.
func (m *Metrics) Lost(account string) {
	m.counts.errors.WithLabelValues(kindDatabase).Inc()
	m.counts.polls.WithLabelValues(account, resultLost).Inc()
}

// Failed counts a turn of a scheduled job that ended with an error.
func (m *Metrics) Failed(job string) { m.counts.jobs.WithLabelValues(job).Inc() }

// Job begins a scheduled job's errors at zero.
func (m *Metrics) Job(name string) { begin(m.counts.jobs, nil, name) }

// Sent counts an attempt to send a message.
func (m *Metrics) Sent(o notifier.Outcome) {
	m.counts.deliveries.WithLabelValues(string(o.Class)).Inc()
}

// Looked counts a look for a message.
func (m *Metrics) Looked(o notifier.Outcome) { m.counts.looks.WithLabelValues(string(o.Class)).Inc() }

// Answered takes how long a /spend command waited for its answer.
func (m *Metrics) Answered(took time.Duration) { m.counts.answers.Observe(took.Seconds()) }
