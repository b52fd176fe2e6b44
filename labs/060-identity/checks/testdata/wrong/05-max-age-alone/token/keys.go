package token

import (
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	pause    = time.Second      // between two fetches, however many tokens ask for one
	patience = 2 * time.Second  // for an answer of the issuer
	longest  = 10 * time.Minute // that keys are kept where the issuer does not answer
)

// ErrNoKeys means that the issuer's keys could not be fetched, so that nobody
// knows whether a token is true.
var ErrNoKeys = errors.New("the keys cannot be fetched")

var errUnknownKey = errors.New("the issuer has no such key")

// Keys are the public keys of an issuer. They are fetched again when their time
// is over, and when a token names one that is not known.
type Keys struct {
	Address func(ctx context.Context) (string, error) // of the key set

	mu       sync.Mutex
	known    map[string]*rsa.PublicKey // by kid
	fetched  time.Time                 // when they were answered with
	asked    time.Time                 // when they were asked for last
	fetching chan struct{}             // closed when the fetch that goes on is over; nil where none does
	next     *time.Timer               // of the fetch that is due
	err      error                     // of the last fetch
}

// Find returns the key of that id. It waits for a fetch only where the key is
// not known; no more than one fetch goes on, and one begins every pause at most.
func (k *Keys) Find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, fetching := k.look(kid)
	if key != nil {
		return key, nil
	}
	if fetching != nil {
		select {
		case <-fetching:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch key := k.known[kid]; {
	case key != nil:
		return key, nil
	case k.err != nil:
		return nil, errors.Join(ErrNoKeys, k.err)
	default:
		return nil, errUnknownKey
	}
}

// look finds the key among those that are known, and begins a fetch where it is
// not there.
func (k *Keys) look(kid string) (*rsa.PublicKey, chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.fetched) > longest {
		k.known = nil
	}
	key := k.known[kid]
	if key == nil {
		k.begin()
	}
	return key, k.fetching
}

// begin begins a fetch, unless one goes on or has just been. It is called with
// the lock held, and does not wait.
func (k *Keys) begin() {
	if k.fetching != nil || time.Since(k.asked) < pause {
		return
	}
	over := make(chan struct{})
	k.fetching, k.asked = over, time.Now()
	go func() {
		defer close(over)
		known, maxAge, err := k.fetch()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.fetching, k.err = nil, err
		if err != nil {
			slog.Error("fetch keys", "err", err) // those that are known stay
			maxAge = pause
		} else {
			k.known, k.fetched = known, time.Now()
		}
		if k.next != nil {
			k.next.Stop()
		}
		k.next = time.AfterFunc(maxAge, k.again)
	}()
}

// again begins the fetch that is due, while the keys are good still: nobody
// waits for it.
func (k *Keys) again() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begin()
}

func (k *Keys) fetch() (map[string]*rsa.PublicKey, time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	address, err := k.Address(ctx)
	if err != nil {
		return nil, 0, err
	}
	var set keySet
	header, err := get(ctx, address, &set)
	if err != nil {
		return nil, 0, err
	}
	known := set.keys()
	if len(known) == 0 {
		return nil, 0, errors.New("the issuer answers with no key")
	}
	return known, maxAge(header), nil
}
