// Package token reads JSON Web Tokens. It knows nothing of HTTP.
package token

import (
	"errors"
)

// Token is a JWT taken apart. Whether it is true, nobody has looked yet.
type Token struct {
	Header    map[string]any
	Claims    map[string]any
	Signed    string // what the signature is of, as it came
	Signature []byte
}

// Parse takes a token in the compact form apart.
func Parse(text string) (*Token, error) {
	return nil, errors.New("not written yet")
}
