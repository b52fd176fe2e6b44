package token

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Tokens are what a provider gives.
type Tokens struct {
	Access string `json:"access_token"`
	ID     string `json:"id_token"`
}

// Ask asks the provider at the address for tokens. A client that has a secret
// proves by it who it is.
func Ask(ctx context.Context, address string, form url.Values, id, secret string) (given Tokens, err error) {
	provider, err := Discover(ctx, address)
	if err != nil {
		return Tokens{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, provider.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return Tokens{}, fmt.Errorf("ask for tokens: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	if _, err := do(request, &given); err != nil {
		return Tokens{}, fmt.Errorf("ask for tokens: %w", err)
	}
	return given, nil
}
