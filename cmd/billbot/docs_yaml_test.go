package main

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/ruletest"
)

// Each YAML of the documents is what it is for: rules without a warning, a test
// of rules, or settings of Prometheus.
func TestDocsYAML(t *testing.T) {
	n := 0
	for name, text := range documents(t) {
		for _, block := range blocksOf(text) {
			if block.kind == "yaml" {
				n++
				wantYAML(t, name, block.text)
			}
		}
	}
	if n < 6 {
		t.Errorf("%d blocks of YAML were found", n)
	}
}

func wantYAML(t *testing.T, name, text string) {
	t.Helper()
	switch {
	case strings.HasPrefix(text, "scrape_configs:"):
		wantPrometheus(t, name, text)
	case strings.HasPrefix(text, "tests:"):
		if _, err := ruletest.Load(name, []byte(text), mustRules(t, "{name: runaway, spike: {}}")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	default:
		if !strings.Contains("\n"+text, "\nrules:") { // a part of a file
			text += "rules: [{name: runaway, spike: {}}]\n"
		}
		r, err := rules.Load(name, []byte(text))
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		} else if len(r.Warnings) > 0 {
			t.Errorf("%s: %v\n%s", name, r.Warnings, text)
		}
	}
}

// wantPrometheus wants a job that scrapes where billbot listens.
func wantPrometheus(t *testing.T, name, text string) {
	t.Helper()
	var config struct {
		Scrape []struct {
			Job    string                       `yaml:"job_name"`
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
		Rules []string `yaml:"rule_files"`
	}
	err := yaml.Load([]byte(text), &config, yaml.WithKnownFields())
	if err != nil || len(config.Scrape) != 1 || config.Scrape[0].Job != "billbot" || config.Scrape[0].Static[0].Targets[0] != "127.0.0.1:"+deployedPort {
		t.Errorf("%s: %v: %+v", name, err, config)
	}
}
