//go:build lab

package checks

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"sync"
	"time"
)

// claims and header are the two objects of a token.
type (
	claims map[string]any
	header map[string]any
)

// signer is a pair of keys with which the checks sign tokens.
type signer struct {
	kid string
	key *rsa.PrivateKey
}

// Keys are made once for all checks of a run: that takes long on a busy machine.
var (
	firstKey    = sync.OnceValue(newSigner) // that the check's own issuer signs with
	secondKey   = sync.OnceValue(newSigner) // that it signs with later
	strangerKey = sync.OnceValue(newSigner) // that nobody trusts
)

func newSigner() signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return signer{kid: fresh("key"), key: key}
}

// named is the same key under another name.
func (s signer) named(kid string) signer { return signer{kid, s.key} }

// jwk is the public half, as a JSON Web Key.
func (s signer) jwk() map[string]any {
	return map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": s.kid,
		"n": encode(s.key.N.Bytes()), "e": encode(big.NewInt(int64(s.key.E)).Bytes())}
}

// token signs the claims; more is added to the header, or takes the place of what is there.
func (s signer) token(c claims, more ...header) string {
	h := header{"alg": "RS256", "typ": "JWT", "kid": s.kid}
	for _, each := range more {
		maps.Copy(h, each)
	}
	signed := object(h) + "." + object(c)
	return signed + "." + encode(s.sign(signed))
}

// sign makes the RS256 signature of a text.
func (s signer) sign(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signature
}

// pss makes the PS256 signature of a text.
func (s signer) pss(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPSS(rand.Reader, s.key, crypto.SHA256, sum[:], nil)
	if err != nil {
		panic(err)
	}
	return signature
}

// hs256 is a token signed with a secret, as who knows only the public key makes it.
func hs256(h header, c claims, secret []byte) string {
	signed := object(h) + "." + object(c)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// with is a copy with some claims changed; one that becomes nil is taken out.
func (c claims) with(change claims) claims {
	all := maps.Clone(c)
	for name, value := range change {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// object is JSON as a part of a token.
func object(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return encode(text)
}

// payload are the claims of a token, without any verification.
func payload(token string) (claims, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, false
	}
	var c claims
	return c, json.Unmarshal(text, &c) == nil && c != nil
}

func in(d time.Duration) int64 { return time.Now().Add(d).Unix() }

// fresh makes a name that no check has used before.
func fresh(kind string) string { return kind + "-" + strings.ToLower(rand.Text()[:10]) }
