// Command restock orders lamps for the showroom, every night.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	token, err := ownToken(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	id, err := restock(ctx, token)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(id)
}

// restock places the order and returns its id.
func restock(ctx context.Context, token string) (string, error) {
	body := []byte(`{"sku": "lamp", "quantity": 10}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("SERVICE_GATEWAY")+"/orders", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		return "", errors.New("the gateway answers " + response.Status)
	}
	var placed struct{ ID string }
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&placed)
	return placed.ID, err
}
