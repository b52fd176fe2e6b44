// Package token reads JSON Web Tokens.
package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxLength is how long a token may be: nobody works on more for a stranger.
const maxLength = 8 << 10

// encoding reads each value in one way only.
var encoding = base64.RawURLEncoding.Strict()

// Token is a JWT taken apart. Whether it is true, nobody has looked yet.
type Token struct {
	Header    map[string]any
	Claims    map[string]any
	Signed    string // what the signature is of, as it came
	Signature []byte
}

// Parse takes a token in the compact form apart.
func Parse(text string) (*Token, error) {
	if len(text) > maxLength {
		return nil, fmt.Errorf("a token of %d bytes is too long", len(text))
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("a JWT has three parts, and this has %d", len(parts))
	}
	t := &Token{Signed: parts[0] + "." + parts[1]}
	var err error
	if t.Header, err = object(parts[0]); err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	if t.Claims, err = object(parts[1]); err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	head, _ := json.Marshal(t.Header)
	body, _ := json.Marshal(t.Claims)
	t.Signed = encoding.EncodeToString(head) + "." + encoding.EncodeToString(body)
	if t.Signature, err = decode(parts[2]); err != nil {
		return nil, fmt.Errorf("read signature: %w", err)
	}
	return t, nil
}

// object decodes a part that is a JSON object.
func object(part string) (map[string]any, error) {
	text, err := decode(part)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, errors.New("it is not UTF-8")
	}
	var found map[string]any
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, err
	}
	if found == nil { // null
		return nil, errors.New("it is no JSON object")
	}
	return found, nil
}

// decode reads base64url. Go's decoder skips line breaks; a token has none.
func decode(part string) ([]byte, error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, errors.New("it has a line break")
	}
	return encoding.DecodeString(part)
}
