package outbound

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestAddresses(t *testing.T) {
	refused := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3",
		"169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
		"192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
		"3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
	}
	public := []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
		"172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255",
		"2606:4700:4700::1111", "2a00:1450:4001::200e", "::ffff:1.1.1.1", "64:ff9b::101:101", "2001:200::1",
	}
	for _, text := range refused {
		if isPublic(netip.MustParseAddr(text)) {
			t.Errorf("%s is let through", text)
		}
	}
	for _, text := range public {
		if !isPublic(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	if len(refused) < 40 {
		t.Errorf("%d addresses, want 40 at least", len(refused))
	}
	t.Attr("score", fmt.Sprintf("19 addresses=%d", len(refused)))
}

func TestParseAllow(t *testing.T) {
	allowed, err := ParseAllow("10.1.2.3, 192.168.7.0/16,fd00::/8")
	if err != nil || len(allowed) != 3 || allowed[0].String() != "10.1.2.3/32" || allowed[1].String() != "192.168.0.0/16" {
		t.Errorf("got %v, error %v", allowed, err)
	}
	if none, err := ParseAllow(""); err != nil || len(none) > 0 {
		t.Errorf("got %v, error %v, want nothing", none, err)
	}
	for _, bad := range []string{"localhost", "10.0.0.0/33", "10.0.0"} {
		if _, err := ParseAllow(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestCheckURL(t *testing.T) {
	allowing := Config{Allow: prefixes("10.0.0.0/8")}
	tests := []struct {
		config Config
		url    string
		ok     bool
	}{
		{Config{}, "https://hooks.slack.com/services/T/B/x", true},
		{Config{}, "https://1.1.1.1/", true},
		{Config{}, "http://hc-ping.com/x", false},
		{Config{}, "https://127.0.0.1/", false},
		{Config{}, "https://[::1]/", false},
		{Config{}, "https://[::ffff:169.254.169.254]/latest", false},
		{Config{}, "https://10.1.2.3/", false},
		{Config{}, "https://user:pass@example.com/", false},
		{Config{}, "file:///etc/passwd", false},
		{Config{}, "https:example.com", false},
		{Config{}, "https://", false},
		{Config{}, "https://ex ample/", false},
		{allowing, "https://10.1.2.3/", true},
		{allowing, "http://10.1.2.3/", true},
		{allowing, "http://heartbeat.internal/", true}, // the dialer looks where it leads
		{allowing, "http://1.1.1.1/", false},
		{allowing, "https://127.0.0.1/", false},
		{allowing, "gopher://10.1.2.3/", false},
	}
	for _, tt := range tests {
		if err := tt.config.CheckURL(tt.url); (err == nil) != tt.ok {
			t.Errorf("%s: got error %v, want ok %v", tt.url, err, tt.ok)
		}
	}
}
