package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"sync"
)

// file keeps orders in a file, one a line.
type file struct {
	path string

	mu     sync.Mutex
	out    *os.File
	size   int64 // of the whole lines
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
	return f, f.read()
}

// read reads the orders. After a crash the last line may be half-written: nobody
// was told that this order is stored, so it is dropped.
func (f *file) read() error {
	text, err := io.ReadAll(f.out)
	if err != nil {
		return fmt.Errorf("read the orders: %w", err)
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	for line := range bytes.Lines(whole) {
		var o order
		if err := json.Unmarshal(line, &o); err != nil {
			return fmt.Errorf("read the orders: %w", err)
		}
		f.orders[o.ID] = o
	}
	f.size = int64(len(whole))
	if len(whole) < len(text) {
		log.Printf("drop the half-written line %q", text[len(whole):])
		return f.out.Truncate(f.size)
	}
	return nil
}

func (f *file) add(_ context.Context, o order) (string, error) {
	o.ID = rand.Text()
	line, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("store the order: %w", err)
	}
	line = append(line, '\n')
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err = f.out.Write(line)
	if err == nil {
		err = f.out.Sync() // now it survives a power cut, too
	}
	if err != nil {
		// A full disk may have taken half of the line: the next one must not follow it.
		return "", fmt.Errorf("store the order: %w", errors.Join(err, f.out.Truncate(f.size)))
	}
	f.size += int64(len(line))
	f.orders[o.ID] = o
	return o.ID, nil
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
