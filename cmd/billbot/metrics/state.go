package metrics

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/prometheus/client_golang/prometheus"
)

// State is how billbot is at the moment of a scrape.
type State struct {
	Now       time.Time
	Accounts  []Account
	Outbox    []notifier.Item // that are not delivered
	Panics    map[string]int  // by job
	Connected *bool           // a socket to Slack; nil where there is none to be
	Turned    time.Time       // when the schedule last ran a job; zero: not yet
	Bytes     int64           // of the database's file; 0: not known
	Unread    error           // why a part of this could not be read
}

// Account is how the polling of an account goes.
type Account struct {
	Name string
	Poll fetcher.PollState
}

// sample is one value of a series.
type sample struct {
	of     *prometheus.Desc
	value  float64
	labels []string
}

// snapshot collects what is told of one state, and what is kept.
type snapshot struct {
	metrics *Metrics
	state   State
}

// Describe lists all that may be collected.
func (s snapshot) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range s.metrics.gauges.all {
		to <- desc
	}
}

// Collect tells the state.
func (s snapshot) Collect(to chan<- prometheus.Metric) {
	samples := append(s.metrics.kept(), s.ofAccounts()...)
	samples = append(samples, s.ofOutbox()...)
	samples = append(samples, s.ofProcess()...)
	for _, sample := range samples {
		kind := prometheus.GaugeValue
		if sample.of == s.metrics.gauges.panics {
			kind = prometheus.CounterValue
		}
		metric, err := prometheus.NewConstMetric(sample.of, kind, sample.value, sample.labels...)
		if err != nil {
			metric = prometheus.NewInvalidMetric(sample.of, err)
		}
		to <- metric
	}
}

func (s snapshot) ofAccounts() (samples []sample) {
	g := s.metrics.gauges
	for _, a := range s.state.Accounts {
		samples = append(samples,
			sample{g.trusted, seconds(a.Poll.LastTrusted), []string{a.Name}},
			sample{g.polled, seconds(a.Poll.LastAttempt), []string{a.Name}})
	}
	return samples
}

func (s snapshot) ofOutbox() []sample {
	g := s.metrics.gauges
	waiting, dead := 0, 0
	oldest := time.Duration(0)
	for _, item := range s.state.Outbox {
		if item.State == notifier.Dead {
			dead++
			continue
		}
		waiting++
		oldest = max(oldest, s.state.Now.Sub(item.CreatedAt))
	}
	return []sample{
		{g.waiting, float64(waiting), []string{"waiting"}},
		{g.waiting, float64(dead), []string{"given_up"}},
		{g.oldest, oldest.Seconds(), nil},
	}
}

func (s snapshot) ofProcess() []sample {
	g := s.metrics.gauges
	samples := []sample{
		{g.readable, one(s.state.Unread == nil), nil},
		{g.turned, seconds(s.state.Turned), nil},
	}
	if s.state.Connected != nil {
		samples = append(samples, sample{g.connected, one(*s.state.Connected), nil})
	}
	if s.state.Bytes > 0 {
		samples = append(samples, sample{g.databased, float64(s.state.Bytes), nil})
	}
	for job, n := range s.state.Panics {
		samples = append(samples, sample{g.panics, float64(n), []string{job}})
	}
	return samples
}

// seconds is a moment as Prometheus has it. The zero moment is 0.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
