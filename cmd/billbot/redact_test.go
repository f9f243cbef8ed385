package main

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	var r redactor
	r.hide("account", "prod")
	r.hide("account", "prod-eu")
	r.hide("channel", "#spend")
	r.hidePath("/home/ann/acme/rules.yaml")
	for text, want := range map[string]string{
		"prod, prod-eu and #spend":                       "account-1, account-2 and channel-1",
		"production is another word":                     "production is another word",
		"prod":                                           "account-1",
		"open /home/ann/acme/rules.yaml: denied":         "open …/rules.yaml: denied",
		"open /srv/other/billbot.db: denied":             "open …/billbot.db: denied",
		"get ../acme/x.db now":                           "get …/x.db now",
		"dial tcp 10.1.2.3:443: refused":                 "dial tcp (address): refused",
		"dial tcp [2606:4700::1]:443: refused":           "dial tcp (address): refused",
		"lookup proxy.acme.internal on 10.0.0.2:53: no":  "lookup (host) on (address): no",
		"lookup api.cloudflare.com: no such host":        "lookup api.cloudflare.com: no such host",
		"https://hooks.slack.com/services/T1/B1/x today": "hooks.slack.com today",
		"https://acme.example/x?y=z today":               "(host) today",
		"account 023e105f4ecef8ad9ca31a8372d0c353":       "account (id)",
		"account 123456789012":                           "account (id)",
		"team T012AB3CD4 and CLOUDFLARE_API_TOKEN":       "team (id) and CLOUDFLARE_API_TOKEN",
		"by ann@acme.example":                            "by (mail)",
		"xoxb-1234-abc and cfut_abcdef":                  "(secret) and (secret)",
		"Slack says invalid_auth: scope channels:read":   "Slack says invalid_auth: scope channels:read",
	} {
		if got := r.text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := (*redactor)(nil).text("prod /home/ann/x"); got != "prod /home/ann/x" {
		t.Errorf("nothing is hidden: got %q", got)
	}
}

// No text is left with a name in it, whatever it is made of.
func FuzzRedact(f *testing.F) {
	f.Add("a prod b", "prod")
	f.Add("#x#x", "#x")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(name) < 3 || strings.Contains("name-1", name) || strings.Contains(text, "(") {
			return
		}
		var r redactor
		r.hide("name", name)
		if got := r.text(" " + name + " " + text); !strings.HasPrefix(got, " name-1 ") {
			t.Errorf("%q of %q: got %q", name, text, got)
		}
	})
}
