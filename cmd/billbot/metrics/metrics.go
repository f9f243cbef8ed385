package metrics

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// Metrics is what is counted and kept for Prometheus. Make one with [New]. It may
// be used by many goroutines at once.
type Metrics struct {
	registry *prometheus.Registry
	counts   counts
	gauges   gauges
	most     atomic.Int64 // names of an account that are told apart

	mu       sync.Mutex
	accounts []string            // by name: those that are watched
	spends   map[string][]sample // by account
	budgets  map[string][]sample // by account
}

// New returns metrics of a version of billbot that watches some accounts, by
// name. Nothing is registered outside of it.
func New(version string, accounts []string) (*Metrics, error) {
	m := &Metrics{
		registry: prometheus.NewRegistry(), counts: newCounts(), gauges: newGauges(),
		spends: map[string][]sample{}, budgets: map[string][]sample{},
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "billbot_build_info", Help: "Which billbot this is. Always 1.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	}, func() float64 { return 1 })
	all := append(m.counts.collectors(), build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var failures []error
	for _, c := range all {
		failures = append(failures, m.registry.Register(c))
	}
	m.Watch(accounts)
	return m, errors.Join(failures...)
}

// Watch has the metrics be of these accounts from now on, and forget the others,
// whose last figures would stand for ever.
func (m *Metrics) Watch(accounts []string) {
	m.most.Store(int64(mostNames(len(accounts))))
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, account := range m.accounts {
		if !slices.Contains(accounts, account) {
			delete(m.spends, account)
			delete(m.budgets, account)
			m.counts.forget(account)
		}
	}
	for _, account := range accounts {
		m.counts.begin(account)
	}
	m.accounts = slices.Clone(accounts)
}

// scrapeWithin is how long a scrape may take. Prometheus gives up after ten
// seconds, unless it is told otherwise.
const scrapeWithin = 8 * time.Second

// Handler answers scrapes. state says how billbot is at the moment of one.
//
// It writes Prometheus's text format and no other: promhttp would bring those of
// protobuf along, which are a quarter of a megabyte and asked for by nobody.
func (m *Metrics) Handler(state func(context.Context) State, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), scrapeWithin)
		defer cancel()
		var text bytes.Buffer
		err := m.write(&text, state(ctx))
		if err != nil {
			log.Error("not all metrics could be told", "err", err)
		}
		if text.Len() == 0 {
			http.Error(w, "no metrics", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", string(expfmt.NewFormat(expfmt.TypeTextPlain)))
		_, _ = text.WriteTo(w) // who does not listen any more needs no answer
	})
}

// write writes all there is to tell in a state. With an error it has written
// what it could.
func (m *Metrics) write(to io.Writer, state State) error {
	all, err := m.Gatherer(state)
	if err != nil {
		return err
	}
	families, err := all.Gather()
	failures := []error{err}
	for _, family := range families {
		_, err := expfmt.MetricFamilyToText(to, family)
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// Gatherer is all there is to tell in a state.
func (m *Metrics) Gatherer(state State) (prometheus.Gatherer, error) {
	now := prometheus.NewRegistry()
	if err := now.Register(snapshot{m, state}); err != nil {
		return nil, err
	}
	return prometheus.Gatherers{m.registry, now}, nil
}
