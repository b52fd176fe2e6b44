package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// editor writes numbers into a file, each greater than the one before.
type editor struct {
	server       *server
	path         string
	sent         int // the last number that was sent
	acknowledged int // the last one that the server has confirmed
	tag          string
	faults       []string
}

func (e *editor) run(ctx context.Context) {
	for ctx.Err() == nil {
		if !e.write(ctx) {
			pause(ctx, 100*time.Millisecond)
			e.read(ctx)
		}
	}
}

// write sends the next number, and reports whether it was confirmed.
func (e *editor) write(ctx context.Context) bool {
	e.sent++
	condition := []string{"If-Match", e.tag}
	if e.tag == "" {
		condition = []string{"If-None-Match", "*"}
	}
	got, err := e.server.ask(ctx, http.MethodPut, e.path, strconv.Itoa(e.sent), condition...)
	if err != nil || got.code >= 300 {
		return false
	}
	e.acknowledged, e.tag = e.sent, got.etag
	return true
}

// read finds what the file holds: at least what was confirmed, and nothing that
// was never sent.
func (e *editor) read(ctx context.Context) {
	got, err := e.server.ask(ctx, http.MethodGet, e.path, "", "Accept", "text/plain")
	if err != nil || got.code == http.StatusUnauthorized || got.code >= 500 {
		return
	}
	e.tag = got.etag
	n, err := strconv.Atoi(string(got.body))
	if got.code == http.StatusNotFound {
		n, err, e.tag = 0, nil, ""
	}
	if err != nil || n < e.acknowledged || n > e.sent {
		e.faults = append(e.faults, fmt.Sprintf("%s holds %.40q; %d was confirmed and %d sent", e.path, got.body, e.acknowledged, e.sent))
	}
}

// lost are the edits that were confirmed and are not there.
func (e *editor) lost(ctx context.Context) []string {
	e.read(ctx)
	return e.faults
}

func sorted(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return counts[b] - counts[a] })
}
