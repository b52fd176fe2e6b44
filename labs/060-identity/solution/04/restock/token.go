package main

import (
	"context"
	"net/url"
	"os"

	"shop/token"
)

// ownToken asks the identity service for a token of this program's own.
func ownToken(ctx context.Context) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"orders:write"}}
	given, err := token.Ask(ctx, os.Getenv("SERVICE_IDENTITY"), form, os.Getenv("CLIENT_ID"), os.Getenv("CLIENT_SECRET"))
	return given.Access, err
}
