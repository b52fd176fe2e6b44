package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// file keeps orders in a file, one a line.
type file struct {
	path string

	mu     sync.Mutex
	out    *os.File
	orders map[string]order
}

func openFile(folder string) (*file, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("open the orders: %w", err)
	}
	f := &file{path: filepath.Join(folder, "orders"), orders: map[string]order{}}
	var err error
	if f.out, err = os.OpenFile(f.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644); err != nil {
		return nil, fmt.Errorf("open the orders: %w", err)
	}
	for lines := json.NewDecoder(f.out); lines.More(); {
		var o order
		if err := lines.Decode(&o); err != nil {
			return nil, fmt.Errorf("read the orders: %w", err)
		}
		f.orders[o.ID] = o
	}
	return f, nil
}

func (f *file) add(_ context.Context, o order) (string, error) {
	o.ID = rand.Text()
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := json.NewEncoder(f.out).Encode(o); err != nil {
		return "", fmt.Errorf("store the order: %w", err)
	}
	f.orders[o.ID] = o
	return o.ID, f.out.Sync()
}

func (f *file) get(_ context.Context, id string) (order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, ok := f.orders[id]
	if !ok {
		return order{}, errUnknown
	}
	return o, nil
}

func (f *file) check(context.Context) error {
	_, err := os.Stat(f.path)
	return err
}

func (f *file) String() string { return "the file " + f.path }
