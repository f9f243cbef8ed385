package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"
)

// maxResponded bounds what is read of the answer to an answer.
const maxResponded = 4 << 10

// respond sends a private answer to the address that Slack gave with a press. The
// address is a secret: neither errors nor logs have it, and it gets no token.
// slack-go's own way follows redirects and takes any 200 for success, so a dead
// address would pass for a live one.
func (c *Client) respond(ctx context.Context, address string, m Message) error {
	if !c.mayRespond(address) {
		return errors.New("answering in private: the address is not Slack's")
	}
	body, err := json.Marshal(struct {
		response
		ReplaceOriginal bool `json:"replace_original"`
	}{response: response{slack.ResponseTypeEphemeral, m.Text, m.Blocks}})
	if err != nil {
		return fmt.Errorf("writing a private answer: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("answering in private: the address is not a URL")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := c.plain.Do(r)
	if err != nil {
		return network(err, addressOfAnswer())
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxResponded))
	if err != nil {
		return network(err, addressOfAnswer())
	}
	return responded(answer.StatusCode, said)
}

func addressOfAnswer() address { return address{name: "the asker"} }

// responded judges what was said to an answer: Slack says "ok", or ok:true.
func responded(status int, said []byte) error {
	text := strings.TrimSpace(string(said))
	var verdict struct{ OK bool }
	if status == http.StatusOK && (text == "ok" || json.Unmarshal(said, &verdict) == nil && verdict.OK) {
		return nil
	}
	return fmt.Errorf("answering in private: HTTP status %d, and not Slack's ok", status)
}

// mayRespond reports whether an address is Slack's, or that of the stand-in for
// it. Signed requests alone bring such addresses, and yet billbot is not to be
// made to post wherever somebody likes.
func (c *Client) mayRespond(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	isSlack := u.Scheme == "https" && (host == "hooks.slack.com" || host == "hooks.slack-gov.com")
	return isSlack || u.Scheme == c.base.Scheme && u.Host == c.base.Host
}
