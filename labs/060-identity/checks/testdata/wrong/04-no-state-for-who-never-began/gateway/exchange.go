package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"shop/token"
)

// tokens are what a provider gives.
type tokens struct {
	Access string `json:"access_token"`
	ID     string `json:"id_token"`
}

// ask asks the provider for tokens.
func ask(ctx context.Context, issuer string, form url.Values) (given tokens, err error) {
	provider, err := token.Discover(ctx, issuer)
	if err != nil {
		return tokens{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, provider.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return tokens{}, fmt.Errorf("ask for tokens: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return tokens{}, fmt.Errorf("ask for tokens: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return tokens{}, errors.New("the provider answers " + response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&given); err != nil {
		return tokens{}, fmt.Errorf("read tokens: %w", err)
	}
	return given, nil
}
