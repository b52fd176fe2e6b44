package auth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Discovery is what the discovery document says.
type Discovery struct {
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
}

// Tokens is what the token endpoint answers.
type Tokens struct {
	Access string `json:"access_token"`
	ID     string `json:"id_token"`
	Scope  string `json:"scope"`
}

var client = &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}}

// Discover reads the discovery document of the issuer.
func Discover(ctx context.Context, issuer string) (Discovery, error) {
	var d Discovery
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		return d, err
	}
	err = do(req, &d)
	if err == nil && (d.Authorization == "" || d.Token == "") {
		err = errors.New("the discovery document names no endpoints")
	}
	return d, err
}

// Ask asks a token endpoint for tokens. An id that is not empty is sent with
// the secret as HTTP Basic.
func Ask(ctx context.Context, endpoint string, form url.Values, id, secret string) (Tokens, error) {
	var t Tokens
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return t, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id != "" {
		req.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	err = do(req, &t)
	if err == nil && t.Access == "" {
		err = errors.New("the answer has no access token")
	}
	return t, err
}

func do(req *http.Request, into any) error {
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New("the identity service answers " + res.Status)
	}
	return json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(into)
}
