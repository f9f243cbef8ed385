package main

import (
	"strings"
	"testing"
)

// shownElsewhere is what the documents show and no test of Go's can run, by its
// beginning: the file that runs or checks it, and a part of that file.
var shownElsewhere = []struct{ command, file, text string }{
	{"go test ./...", ".ci/run", "$command -race"}, // the README's
	{"go test ./rules ./rules/ruletest ./notifier/slack -update", "rules/load_test.go", `flag.Bool("update"`},
	{"UPDATE=1 go test ./cmd/billbot", "cmd/billbot/script_test.go", `os.Getenv("UPDATE") != ""`},
	{"go test ./rules -run '^$' -fuzz '^FuzzLoad$'", ".ci/run", "-fuzz "},
	{".ci/run", ".github/workflows/ci.yml", "bash .ci/run"},
	{"(cd .ci/score && go run .)", ".ci/run", "(cd .ci/score && go vet ./... && go test ./... && go run .)"},
	{"(cd .ci/score && go run . -long)", ".ci/score/main.go", `flag.Bool("long"`},
	{"(cd .ci/score && go run . -update)", ".ci/score/main.go", `flag.Bool("update"`},
	{"(cd .ci/bench && go run . -gate)", ".ci/run", "(cd .ci/bench && go run . -gate)"},
	{"cd .ci/bench && go run . -accounts 20 -refreshes 300", ".ci/run", "go run . -accounts 5 -refreshes 30"},
	{"cd .ci/bench && go run . -large", ".ci/bench/main.go", `flag.Bool("large"`},
	{"docker build -f deploy/Dockerfile -t billbot .", ".github/workflows/ci.yml", "docker build -f deploy/Dockerfile -t billbot ."},
	{"docker compose -f deploy/compose.yaml up -d", ".github/workflows/ci.yml", "docker compose -f deploy/compose.yaml config"},
	{"systemctl daemon-reload", ".ci/run", "systemd-analyze verify"},
	{"kubectl create namespace billbot", ".ci/run", "(cd .ci/deploy && go vet ./... && go run . ../../deploy)"},
	{"kubectl -n billbot apply -f secret.yaml -f deploy/kubernetes/billbot.yaml", ".ci/run", "(cd .ci/deploy && go vet ./... && go run . ../../deploy)"},
	{"promtool check rules billbot.rules.yml", ".ci/run", "promtool check rules --lint=all deploy/prometheus/billbot.rules.yml"},
	{"promtool test rules billbot.test.yml", ".ci/run", "promtool test rules deploy/prometheus/billbot.test.yml"},
	{"/invite @billbot", "docs/slack.md", "/invite @billbot"}, // Slack's own
}

// runElsewhere says whether a command is run elsewhere, and wants it to be so.
func runElsewhere(t *testing.T, line string) bool {
	t.Helper()
	command, _, _ := strings.Cut(line, "  #")
	command = strings.TrimSpace(command)
	for _, e := range shownElsewhere {
		if command == e.command || strings.HasPrefix(command, e.command+" ") {
			if !strings.Contains(document(t, e.file), e.text) {
				t.Errorf("%s: %s does not have %q", e.command, e.file, e.text)
			}
			return true
		}
	}
	return false
}
