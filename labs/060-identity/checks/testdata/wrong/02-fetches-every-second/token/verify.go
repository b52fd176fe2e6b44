package token

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// skew is how far two clocks may be apart.
const skew = 30 * time.Second

// Identity is who a verified token speaks of, and what it allows.
type Identity struct {
	Subject string
	Scopes  []string
	Claims  map[string]any
}

// Verifier verifies the tokens of one issuer for one audience.
type Verifier struct {
	Issuer, Audience string
	Keys             *Keys
}

// Verify returns who the token speaks of, once it is known to be true.
func (v *Verifier) Verify(ctx context.Context, text string) (Identity, error) {
	t, err := Parse(text)
	if err != nil {
		return Identity{}, err
	}
	if err := v.signature(ctx, t); err != nil {
		return Identity{}, err
	}
	if err := v.claims(t.Claims, time.Now()); err != nil {
		return Identity{}, err
	}
	subject, _ := t.Claims["sub"].(string)
	scope, _ := t.Claims["scope"].(string)
	return Identity{Subject: subject, Scopes: strings.Fields(scope), Claims: t.Claims}, nil
}

// signature verifies the signature. Of the header it believes one thing: which
// of the issuer's own keys to take. The algorithm is decided here.
func (v *Verifier) signature(ctx context.Context, t *Token) error {
	if t.Header["alg"] != "RS256" {
		return fmt.Errorf("the algorithm is %v, not RS256", t.Header["alg"])
	}
	if _, has := t.Header["crit"]; has {
		return errors.New("the header demands what nobody here understands")
	}
	kid, _ := t.Header["kid"].(string)
	key, err := v.Keys.Find(ctx, kid)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(t.Signed))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.Signature); err != nil {
		return fmt.Errorf("verify signature: %w", err)
	}
	return nil
}

// claims looks whether the token is of this issuer, for this audience, and of now.
func (v *Verifier) claims(claims map[string]any, now time.Time) error {
	if claims["iss"] != v.Issuer {
		return fmt.Errorf("the issuer is %v, not %s", claims["iss"], v.Issuer)
	}
	if !names(claims["aud"], v.Audience) {
		return fmt.Errorf("the audience is %v, not %s", claims["aud"], v.Audience)
	}
	if subject, _ := claims["sub"].(string); subject == "" {
		return errors.New("there is no subject")
	}
	ends, ok := claims["exp"].(float64)
	if !ok || ends <= seconds(now.Add(-skew)) {
		return errors.New("the token has expired, or has no end")
	}
	begins, ok := claims["nbf"].(float64)
	if _, has := claims["nbf"]; has && (!ok || begins > seconds(now.Add(skew))) {
		return errors.New("the token is not valid yet")
	}
	return nil
}

// names reports whether the claim is the name, or a list that holds it.
func names(claim any, name string) bool {
	list, _ := claim.([]any)
	return claim == name || slices.Contains(list, any(name))
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
