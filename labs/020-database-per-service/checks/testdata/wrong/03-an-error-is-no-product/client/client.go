// Package client asks the services of the shop over HTTP.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// patience is how long a service may take to answer, its whole body included.
const patience = 2 * time.Second

// ErrAway means that a service did not answer, or not in time.
var ErrAway = errors.New("no answer")

// Status is the error of a service that answered with a status of 400 or more.
type Status struct {
	Code int
	Text string // what it said
}

func (s *Status) Error() string { return fmt.Sprintf("%d %s", s.Code, s.Text) }

// ask sends in as JSON, where it is not nil, and decodes the answer into out.
func ask(ctx context.Context, method, url string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return fmt.Errorf("encode the request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, url, &body)
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000)) // the status alone is an answer
		return &Status{Code: resp.StatusCode, Text: strings.TrimSpace(string(text))}
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("%w: decode it: %w", ErrAway, err)
	}
	return nil
}
