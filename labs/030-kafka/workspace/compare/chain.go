package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"
)

// services stand in for those that an order passes through. Each takes 10 ms,
// as if it wrote to its database.
type services []*httptest.Server

func startServices() services {
	var all services
	for range []string{"product", "payment", "delivery", "mail"} {
		all = append(all, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(10 * time.Millisecond)
		})))
	}
	return all
}

func (s services) close() {
	for _, service := range s {
		service.Close()
	}
}

// callAll places an order as a chain of calls: each service is asked when the
// one before it has answered.
func (s services) callAll(ctx context.Context, order string) error {
	for _, service := range s {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, service.URL+"?order="+url.QueryEscape(order), nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("a service answered %s", response.Status)
		}
	}
	return nil
}
