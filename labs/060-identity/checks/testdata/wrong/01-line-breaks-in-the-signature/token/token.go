// Package token reads JSON Web Tokens. It knows nothing of HTTP.
package token

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Token is a JWT taken apart. Whether it is true, nobody has looked yet.
type Token struct {
	Header    map[string]any
	Claims    map[string]any
	Signed    string // what the signature is of, as it came
	Signature []byte
}

const maxLen = 8192

// Parse takes a token in the compact form apart.
func Parse(text string) (*Token, error) {
	if len(text) > maxLen {
		return nil, errors.New("token is too long")
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, errors.New("token does not have three parts")
	}
	header, err := object(parts[0])
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	claims, err := object(parts[1])
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	sig, err := decode(parts[2])
	if err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	return &Token{Header: header, Claims: claims, Signed: parts[0] + "." + parts[1], Signature: sig}, nil
}

func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(s)
}

func object(s string) (map[string]any, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("line break")
	}
	raw, err := decode(s)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errors.New("not an object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something after the object")
	}
	return m, nil
}
