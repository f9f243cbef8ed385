package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/fetcher/secret"
)

// walkSource is billbot's own client.
type walkSource struct{ client *cloudflare.Client }

func newWalkSource(url string) (walkSource, error) {
	client, err := cloudflare.New(cloudflare.Config{Token: secret.New("v1.0-0123456789abcdef0123456789abcdef01234567"), BaseURL: url})
	return walkSource{client}, err
}

func (s walkSource) fetch(ctx context.Context, account fetcher.Account) (fetcher.Answer, error) {
	return s.client.Usage(ctx, account, 0, 0, morning())
}

// plainSource is a client of the standard library's parts.
type plainSource struct {
	url    string
	client *http.Client
}

func newPlainSource(url string) plainSource { return plainSource{url, &http.Client{}} }

func (s plainSource) fetch(ctx context.Context, account fetcher.Account) (fetcher.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/accounts/"+account.ID+"/billable-usage", nil)
	if err != nil {
		return fetcher.Answer{}, fmt.Errorf("asking plainly: %w", err)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return fetcher.Answer{}, fmt.Errorf("asking plainly: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fetcher.Answer{}, fmt.Errorf("asking plainly: %w", err)
	}
	rows, err := decodePlain(body)
	return fetcher.Answer{FetchedAt: morning(), Charges: plainCharges(rows)}, err
}
