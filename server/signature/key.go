package signature

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cnalab/labs"
)

// What the two keys are called in PEM.
const (
	private = "PRIVATE KEY"
	public  = "PUBLIC KEY"
)

// NewKey makes a key, and writes it to the file and its public half to the file
// whose name ends in .pub. It writes over neither.
func NewKey(file string) (pub string, err error) {
	publicKey, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	pub = file + ".pub"
	theirs, err := x509.MarshalPKIXPublicKey(publicKey)
	if err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	ours, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	if err := write(file, private, ours, 0o600); err != nil {
		return "", err
	}
	return pub, write(pub, public, theirs, 0o644)
}

func write(file, kind string, der []byte, mode fs.FileMode) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("There is a file %s already.", file), Next: "Name another: a key that is lost can't be had again.", Err: err}
	}
	if err != nil {
		return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The file %s cannot be written.", file), Next: "Name another.", Err: err}
	}
	return errors.Join(pem.Encode(out, &pem.Block{Type: kind, Bytes: der}), out.Close())
}

// Private reads the key that signs.
func Private(file string) (ed25519.PrivateKey, error) {
	der, err := read(file, private)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if key, ok := key.(ed25519.PrivateKey); ok {
		return key, nil
	}
	return nil, noKey(file, private, err)
}

// Public reads the key that checks what was signed.
func Public(file string) (ed25519.PublicKey, error) {
	der, err := read(file, public)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if key, ok := key.(ed25519.PublicKey); ok {
		return key, nil
	}
	return nil, noKey(file, public, err)
}

func read(file, kind string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The key %s cannot be read.", file), Next: "Name the file of the key with --key FILE.", Err: err}
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, noKey(file, kind, nil)
	}
	return block.Bytes, nil
}

func noKey(file, kind string, err error) error {
	half, next := "private", "Name the one without .pub; `signature new FILE` makes a pair."
	if kind == public {
		half, next = "public", "Name the one that ends in .pub."
	}
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s is no %s Ed25519 key.", file, half), Next: next, Err: err}
}
