package spend

import "testing"

func TestNamed(t *testing.T) {
	for _, tt := range []struct{ name, unit, want string }{
		{"D1 - Rows Read (first 25 billion included)", "Rows", "25000000000"},
		{"Workers Standard Requests (first 10M are included)", "Requests", "10000000"},
		{"Durable Objects Compute Duration (GB*S, First 400,000 GB*S is included)", "GB*S", "400000"},
		{"Durable Objects Compute Duration (GB*S, First 400,000 GB*S is included)", "GB-seconds", ""},
		{"Worker Build Minutes (6000 minutes included per month)", "Minutes", "6000"},
		{"Worker Build Minutes (6000 minutes included per month)", "seconds", ""},
		{"R2 Data Storage (First 10GB-Month included)", "GB-months", "10"},
		{"Browser Hours (First 10 hours)", "ms", ""},
		{"Email Service - Emails Sent (First 3,000 emails included)", "Emails", "3000"},
		{"Vectorize (First 50 million)", "", "50000000"},
		{"KV Storage (First GB)", "GB-months", ""},
		{"D1 - Rows Read", "Rows", ""},
		{"Odd (", "", ""},
	} {
		got, ok := named(tt.name, tt.unit)
		if ok != (tt.want != "") || ok && got.String() != tt.want {
			t.Errorf("%s in %s: got %s, %t, want %q", tt.name, tt.unit, got, ok, tt.want)
		}
	}
}

func FuzzNamed(f *testing.F) {
	f.Add("D1 - Rows Read (first 25 billion included)", "Rows")
	f.Add("(1e99999999 b b b", "")
	f.Fuzz(func(t *testing.T, name, unit string) {
		if got, ok := named(name, unit); ok && got.IsNegative() {
			t.Errorf("%q: got %s", name, got)
		}
	})
}
