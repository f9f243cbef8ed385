package cloudflare

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher/secret"
)

const token = "canary_Tq3v9XkR7mZ2wLp8sYd4"

func TestNewRefuses(t *testing.T) {
	cases := map[string]struct {
		config Config
		want   string
	}{
		"no token":       {Config{}, "cloudflare: the token is empty"},
		"token and more": {Config{Token: secret.New(token + "\n")}, "cloudflare: the token holds a space, a line break or another character that no token has"},
		"usage path":     {Config{Token: secret.New(token), UsagePath: "/billable-usage"}, `cloudflare: usage path "/billable-usage" is neither "billable-usage" nor "billing/usage/paygo"`},
		"plain http":     {Config{Token: secret.New(token), BaseURL: "http://api.cloudflare.com/client/v4"}, "cloudflare: base URL: plain http is for loopback addresses only, and api.cloudflare.com is none"},
		"looks loopback": {Config{Token: secret.New(token), BaseURL: "http://127.0.0.1.example.com"}, "cloudflare: base URL: plain http is for loopback addresses only, and 127.0.0.1.example.com is none"},
		"any address":    {Config{Token: secret.New(token), BaseURL: "http://0.0.0.0:80"}, "cloudflare: base URL: plain http is for loopback addresses only, and 0.0.0.0:80 is none"},
		"scheme":         {Config{Token: secret.New(token), BaseURL: "ftp://localhost/"}, `cloudflare: base URL: scheme "ftp" is not https`},
		"no scheme":      {Config{Token: secret.New(token), BaseURL: "api.cloudflare.com"}, "cloudflare: base URL: not written as https://host/path"},
		"broken":         {Config{Token: secret.New(token), BaseURL: "https://user:secret@host:port:/"}, "cloudflare: base URL: not written as https://host/path"},
		"user":           {Config{Token: secret.New(token), BaseURL: "https://user:secret@example.com"}, "cloudflare: base URL: it must not hold a user name, a query or a fragment"},
		"query":          {Config{Token: secret.New(token), BaseURL: "https://example.com/?a=b"}, "cloudflare: base URL: it must not hold a user name, a query or a fragment"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := New(tt.config); err == nil || err.Error() != tt.want {
				t.Errorf("error\n got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestNewAccepts(t *testing.T) {
	cases := map[string]string{ // base URL as given and as used
		"":                               "https://api.cloudflare.com/client/v4",
		"https://example.com/client/v4/": "https://example.com/client/v4",
		"http://127.0.0.1:8080/":         "http://127.0.0.1:8080",
		"http://127.1.2.3":               "http://127.1.2.3",
		"http://localhost:1/x":           "http://localhost:1/x",
		"http://[::1]:8080":              "http://[::1]:8080",
	}
	for given, want := range cases {
		for _, path := range []string{"", UsagePath, UsagePathPayGo} {
			c, err := New(Config{Token: secret.New(token), BaseURL: given, UsagePath: path})
			if err != nil || c.base != want {
				t.Errorf("%q: got %v and error %v, want %s", given, c, err, want)
			}
		}
	}
}

func TestTokenIsNeverPrinted(t *testing.T) {
	config := Config{Token: secret.New(token), BaseURL: "http://127.0.0.1"}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	holder := struct {
		c       Client
		pointer *Client
	}{*c, c}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "client", c, "value", *c, "config", config)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "client", c, "holder", holder)
	text := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(strings.Repeat(verb, 4), c, *c, holder, config)
	}
	if strings.Contains(text, token) || strings.Contains(text, fmt.Sprintf("%x", token)) {
		t.Errorf("the token is in %s", text)
	}
}
