package main

import (
	"crypto/rand"
	"os"
	"strings"
	"time"

	"shop/token"
)

// lifetime is how long a token of the gateway is good: for one request.
const lifetime = 30 * time.Second

// claims are what the gateway tells a service of who asks.
func claims(who token.Identity, service string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": os.Getenv("SERVICE_GATEWAY"), "aud": service, "sub": who.Subject, "scope": strings.Join(who.Scopes, " "),
		"iat": now.Unix(), "exp": now.Add(lifetime).Unix(), "jti": rand.Text(),
	}
}
