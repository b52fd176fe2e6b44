package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"shop/token"
)

// ownToken asks the identity service for a token of this program's own.
func ownToken(ctx context.Context) (string, error) {
	provider, err := token.Discover(ctx, os.Getenv("SERVICE_IDENTITY"))
	if err != nil {
		return "", err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"orders:write"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, provider.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(os.Getenv("CLIENT_ID")), url.QueryEscape(os.Getenv("CLIENT_SECRET")))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", errors.New("the identity service answers " + response.Status)
	}
	var given struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&given)
	return given.AccessToken, err
}
