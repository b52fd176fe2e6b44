package token

import (
	"crypto/rsa"
	"encoding/json"
)

// ofHeader is the key that the token brings along.
func ofHeader(jwk any) *rsa.PublicKey {
	text, err := json.Marshal(map[string]any{"keys": []any{jwk}})
	if err != nil {
		return nil
	}
	var set keySet
	if err := json.Unmarshal(text, &set); err != nil {
		return nil
	}
	for _, key := range set.keys() {
		return key
	}
	return nil
}
