package token

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client waits so long for an answer, and no longer.
var client = http.Client{Timeout: 3 * time.Second}

// Provider is where an OpenID provider does what, as it says itself.
type Provider struct {
	Authorize string `json:"authorization_endpoint"`
	Token     string `json:"token_endpoint"`
	JWKS      string `json:"jwks_uri"`
}

// Discover asks the provider at the address.
func Discover(ctx context.Context, address string) (p Provider, err error) {
	if _, err := get(ctx, address+"/.well-known/openid-configuration", &p); err != nil {
		return Provider{}, fmt.Errorf("discover provider: %w", err)
	}
	return p, nil
}

// KeysOf are the keys of the provider at the address.
func KeysOf(address string) *Keys {
	return &Keys{Address: func(ctx context.Context) (string, error) {
		p, err := Discover(ctx, address)
		return p.JWKS, err
	}}
}

// get decodes the JSON at the address, and returns the answer's header.
func get(ctx context.Context, address string, into any) (http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return do(request, into)
}

// do makes the request, decodes the JSON of its answer, and returns the header.
func do(request *http.Request, into any) (http.Header, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", request.URL, response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(into); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", request.URL, err)
	}
	return response.Header, nil
}
