package main

import (
	"os"
	"strings"
	"time"

	"shop/token"
)

// lifetime is how long a token of the gateway is good: for one request.
const lifetime = 30 * time.Second

// claims are what the gateway tells a service of who asks.
func claims(who token.Identity, service string) map[string]any {
	return map[string]any{
		"iss": os.Getenv("SERVICE_GATEWAY"), "aud": service, "sub": who.Subject, "scope": strings.Join(who.Scopes, " "),
		"exp": time.Now().Add(lifetime).Unix(),
	}
}
