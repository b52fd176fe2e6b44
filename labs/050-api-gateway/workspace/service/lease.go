package service

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	lease = 2 * time.Second        // how long the gateway may believe what it was told
	renew = 500 * time.Millisecond // how often it is told again
	retry = 100 * time.Millisecond // and how often, while it has not accepted it
)

// keepLease registers this instance at the gateway, again and again, until ctx
// ends. Then it leaves.
func keepLease(ctx context.Context) {
	instance := os.Getenv("SERVICE")
	name, _, _ := strings.Cut(instance, "-") // order-1 is an instance of order
	at := strings.TrimSuffix(os.Getenv("SERVICE_GATEWAY"), "/") + "/registry/" + name + "/" + instance
	own := os.Getenv("SERVICE_" + strings.ToUpper(strings.ReplaceAll(instance, "-", "_")))
	body, err := json.Marshal(map[string]any{"url": own, "lease_ms": lease.Milliseconds()})
	if err != nil {
		slog.Error("register", "err", err)
		return
	}
	client := insideClient()
	for accepted := true; ; {
		pause := renew
		err := tell(ctx, client, http.MethodPut, at, body)
		if (err == nil) != accepted { // each change once
			accepted = err == nil
			slog.Info("register", "url", own, "accepted", accepted, "err", err)
		}
		if !accepted {
			pause = retry
		}
		select {
		case <-ctx.Done():
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			slog.Info("leave", "err", tell(late, client, http.MethodDelete, at, nil))
			return
		case <-time.After(pause):
		}
	}
}

// tell makes one request to the gateway's registry.
func tell(ctx context.Context, client *http.Client, method, url string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+os.Getenv("REGISTRY_TOKEN"))
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the gateway answers %s", response.Status)
	}
	return nil
}

// insideClient trusts the authority of the shop.
func insideClient() *http.Client {
	roots := x509.NewCertPool()
	if authority, err := os.ReadFile(os.Getenv("TLS_CA_FILE")); err == nil {
		roots.AppendCertsFromPEM(authority)
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}
