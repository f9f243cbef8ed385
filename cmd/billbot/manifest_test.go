package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// appManifest is what billbot's manifest has of Slack's manifest schema, 2.0. Its
// objects allow no other keys.
type appManifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string
		Description string
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			HomeTab     bool `yaml:"home_tab_enabled"`
			MessagesTab bool `yaml:"messages_tab_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Commands []struct {
			Command, Description, URL string

			Hint string `yaml:"usage_hint"`
		} `yaml:"slash_commands"`
	}
	OAuth struct {
		Scopes struct{ Bot []string }
	} `yaml:"oauth_config"`
	Settings struct {
		Interactivity struct {
			Enabled bool   `yaml:"is_enabled"`
			URL     string `yaml:"request_url"`
		}
		Events struct {
			URL string   `yaml:"request_url"`
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Socket   bool `yaml:"socket_mode_enabled"`
		Org      bool `yaml:"org_deploy_enabled"`
		Rotation bool `yaml:"token_rotation_enabled"`
	}
}

func readManifest(t *testing.T, text string) appManifest {
	t.Helper()
	var m appManifest
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

// wantWithinLimits holds a manifest against the lengths and patterns that Slack
// documents.
func wantWithinLimits(t *testing.T, m appManifest) {
	t.Helper()
	type limit struct {
		what, value string
		least, most int
		pattern     string
	}
	limits := []limit{
		{"name", m.Display.Name, 1, 35, ``},
		{"description", m.Display.Description, 1, 140, ``},
		{"bot", m.Features.Bot.Name, 1, 80, `^[a-z0-9._-]+$`},
	}
	for _, c := range m.Features.Commands {
		limits = append(limits, limit{"command", c.Command, 2, 32, `^/[a-z]+$`}, limit{"description", c.Description, 1, 2000, ``},
			limit{"usage hint", c.Hint, 1, 1000, ``}, limit{"url", c.URL, 0, 3000, `^(https://.*)?$`})
	}
	for _, u := range []string{m.Settings.Interactivity.URL, m.Settings.Events.URL} {
		limits = append(limits, limit{"request URL", u, 0, 3000, `^(https://.*)?$`})
	}
	for _, l := range limits {
		if n := utf8.RuneCountInString(l.value); n < l.least || n > l.most || !regexp.MustCompile(l.pattern).MatchString(l.value) {
			t.Errorf("%s %q: %d characters, want %d to %d of %s", l.what, l.value, n, l.least, l.most, l.pattern)
		}
	}
	if m.Metadata.Major != 2 || len(m.Features.Commands) != 1 || m.Features.Commands[0].Command != "/spend" {
		t.Errorf("got schema %d and commands %v", m.Metadata.Major, m.Features.Commands)
	}
	if !m.Features.Home.HomeTab || !m.Settings.Interactivity.Enabled || !slices.Equal(m.Settings.Events.Bot, []string{"app_home_opened"}) {
		t.Errorf("App Home, buttons or its event are off: %+v", m)
	}
}

func TestManifest(t *testing.T) {
	for base, want := range map[string][]string{
		"": {"", "", ""},
		"https://billbot.example.com": {
			"https://billbot.example.com/slack/commands", "https://billbot.example.com/slack/interactions", "https://billbot.example.com/slack/events",
		},
		"https://example.com/" + strings.Repeat("b", 2800): {
			"https://example.com/" + strings.Repeat("b", 2800) + "/slack/commands", "https://example.com/" + strings.Repeat("b", 2800) + "/slack/interactions",
			"https://example.com/" + strings.Repeat("b", 2800) + "/slack/events",
		},
	} {
		text := manifest(base)
		m := readManifest(t, text)
		wantWithinLimits(t, m)
		if diff := cmp.Diff(want, []string{m.Features.Commands[0].URL, m.Settings.Interactivity.URL, m.Settings.Events.URL}); diff != "" {
			t.Errorf("%.40q: request URLs differ (-want +got):\n%s", base, diff)
		}
		if m.Settings.Socket != (base == "") {
			t.Errorf("%.40q: Socket Mode is %t", base, m.Settings.Socket)
		}
		scopes := []string{"chat:write", "commands", "channels:read", "groups:read", "usergroups:read"}
		if diff := cmp.Diff(scopes, m.OAuth.Scopes.Bot); diff != "" {
			t.Errorf("scopes differ (-want +got):\n%s", diff)
		}
		// Whoever wants the scopes in the comment takes two # away.
		more := readManifest(t, strings.ReplaceAll(text, "# - ", "- "))
		if diff := cmp.Diff(append(scopes, "channels:history", "groups:history"), more.OAuth.Scopes.Bot); diff != "" {
			t.Errorf("scopes of the comment differ (-want +got):\n%s", diff)
		}
	}
}

func TestManifestRefusesAddresses(t *testing.T) {
	for _, address := range []string{
		"billbot.example.com", "http://billbot.example.com", "https://", "https:///slack", "ftp://x", "https://u:p@x.example",
		"https://x.example/?a=b", "https://x.example/?", "https://x.example/#f", "https://x\n.example", "https://x.example/" + strings.Repeat("x", 3000),
	} {
		var out, err bytes.Buffer
		if code := run(t.Context(), []string{"manifest", "--http", address}, env{stdout: &out, stderr: &err}); code != exitUsage || out.Len() > 0 {
			t.Errorf("%.40q: exit %d and %q, want %d and nothing", address, code, &out, exitUsage)
		}
	}
	if got, err := publicAddress("https://x.example/billbot//"); err != nil || got != "https://x.example/billbot" {
		t.Errorf("got %q, %v", got, err)
	}
}
