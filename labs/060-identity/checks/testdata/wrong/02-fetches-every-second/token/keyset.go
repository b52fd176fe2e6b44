package token

import (
	"crypto/rsa"
	"math/big"
)

// keySet is a JSON Web Key Set. Of its keys, only those for RS256 are of use here.
type keySet struct {
	Keys []struct {
		Kty string `json:"kty"`
		Use string `json:"use"`
		Alg string `json:"alg"`
		Kid string `json:"kid"`
		N   string `json:"n"`
		E   string `json:"e"`
	} `json:"keys"`
}

func (s keySet) keys() map[string]*rsa.PublicKey {
	all := map[string]*rsa.PublicKey{}
	for _, k := range s.Keys {
		n, errN := decode(k.N)
		e, errE := decode(k.E)
		if k.Kty != "RSA" || k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != "RS256" || errN != nil || errE != nil || len(n) < 256 {
			continue
		}
		all[k.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return all
}
