package cloudflare

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// packedAnswer is a Cloudflare that answers with what it says is gzip.
func packedAnswer(status int, packed []byte) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		header := http.Header{"Content-Encoding": {"GZIP"}}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(packed)), Request: r}, nil
	}
}

func TestPackedAnswers(t *testing.T) {
	packed := zipped(t, []byte(envelopeOf(with())))
	cases := map[string]struct {
		status int
		packed []byte
		want   string // of the error
	}{
		"whole":          {200, packed, ""},
		"in two":         {200, append(zipped(t, []byte(envelopeOf())[:9]), zipped(t, []byte(envelopeOf())[9:])...), ""},
		"nothing":        {200, nil, "the answer is empty"},
		"cut off":        {200, packed[:len(packed)/2], "the answer broke off: unexpected EOF"},
		"only the magic": {200, packed[:2], "the answer broke off: unexpected EOF"},
		"no gzip":        {200, []byte(envelopeOf(with())), "the answer broke off: gzip: invalid header"},
		"broken":         {200, append(bytes.Clone(packed[:len(packed)-8]), 1, 2, 3, 4, 5, 6, 7, 8), "the answer broke off: gzip: invalid checksum"},
		"refused":        {400, zipped(t, []byte(refusalBody(7, "seven"))), "400 Bad Request (7: seven)"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := usage(t, newClient(t, packedAnswer(tt.status, tt.packed)))
				checkError(t, err, tt.want)
			})
		})
	}
}

// TestAnswersDoNotShareABody asks at the same time for answers that would
// overwrite each other.
func TestAnswersDoNotShareABody(t *testing.T) {
	body := func(id string) string {
		return envelopeOf(with("ServiceName", `"`+id+` is billed"`, "PricingQuantity", strings.Repeat(id, 30)), with("ZoneName", `"`+id+`\u0041"`))
	}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, body(strings.Split(r.URL.Path, "/")[4]))
	})
	var all sync.WaitGroup
	for n := range 8 {
		id := fmt.Sprint(n + 1)
		all.Go(func() {
			var answers []fetcher.Answer
			for range 20 {
				answer, err := c.Usage(t.Context(), fetcher.Account{ID: id}, 0, 0, morning)
				if err != nil {
					t.Error(err)
				}
				answers = append(answers, answer)
			}
			want, _ := walkUsage([]byte(body(id)))
			for _, answer := range answers {
				if diff := cmp.Diff(want.Charges, answer.Charges); diff != "" {
					t.Errorf("account %s (-want +got):\n%s", id, diff)
				}
			}
		})
	}
	all.Wait()
}
