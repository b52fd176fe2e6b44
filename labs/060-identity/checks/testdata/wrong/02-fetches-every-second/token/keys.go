package token

import (
	"context"
	"crypto/rsa"
	"errors"
	"sync"
	"time"
)

// pause is how long it is between two fetches, however many tokens ask for one.
const pause = time.Second

// ErrNoKeys means that the issuer's keys could not be fetched, so that nobody
// knows whether a token is true.
var ErrNoKeys = errors.New("the keys cannot be fetched")

var errUnknownKey = errors.New("the issuer has no such key")

// Keys are the public keys of an issuer, fetched when one is needed.
type Keys struct {
	Address func(ctx context.Context) (string, error) // of the key set

	mu    sync.Mutex
	known map[string]*rsa.PublicKey // by kid
	asked time.Time
	err   error // of the last fetch
}

// Find returns the key of that id. For one that is not known it fetches all
// again, as the issuer may have a new one, but not more often than every pause.
func (k *Keys) Find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.asked) > pause {
		k.fetch(context.WithoutCancel(ctx)) // for others, too
	}
	switch key := k.known[kid]; {
	case key != nil:
		return key, nil
	case k.err != nil:
		return nil, errors.Join(ErrNoKeys, k.err)
	default:
		return nil, errUnknownKey
	}
}

func (k *Keys) fetch(ctx context.Context) {
	k.asked = time.Now()
	address, err := k.Address(ctx)
	if err != nil {
		k.err = err
		return
	}
	var set keySet
	if _, k.err = get(ctx, address, &set); k.err == nil {
		k.known = set.keys()
	}
}
