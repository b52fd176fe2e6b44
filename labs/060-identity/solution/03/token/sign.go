package token

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"

	"shop/service"
)

// Signer signs tokens with a key that it makes for itself and tells nobody.
type Signer struct {
	kid string
	key *rsa.PrivateKey
}

// NewSigner makes a signer with a new key.
func NewSigner() (*Signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return &Signer{kid: rand.Text(), key: key}, nil
}

// Sign makes a token of the claims.
func (s *Signer) Sign(claims map[string]any) (string, error) {
	header, errHeader := json.Marshal(map[string]any{"alg": "RS256", "typ": "JWT", "kid": s.kid})
	payload, errPayload := json.Marshal(claims)
	if err := errors.Join(errHeader, errPayload); err != nil {
		return "", fmt.Errorf("encode token: %w", err)
	}
	signed := encoding.EncodeToString(header) + "." + encoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed + "." + encoding.EncodeToString(signature), nil
}

// ServeHTTP answers with the public half of the key, as a JSON Web Key Set.
func (s *Signer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	key := map[string]string{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": s.kid,
		"n": encoding.EncodeToString(s.key.N.Bytes()), "e": encoding.EncodeToString(big.NewInt(int64(s.key.E)).Bytes())}
	service.Answer(w, http.StatusOK, map[string]any{"keys": []any{key}})
}
