// Command measure reads a customer's page as often as it can while orders are placed, and
// writes down how many pages it got, and how long the commands took:
//
//	go run ./measure alone|before|after
//
// alone reads nothing, before reads /joined, after reads /history.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

// paths are what each run reads.
var paths = map[string]string{"alone": "", "before": "/joined", "after": "/history"}

const (
	readers = 8                     // read at the same time
	every   = 20 * time.Millisecond // a command comes
	wait    = 20 * time.Second      // for one answer
)

// client has as many connections as there are readers and commands on their way.
var client = &http.Client{Timeout: wait, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}

func main() {
	during := flag.Duration("for", 5*time.Second, "how long to measure")
	file := flag.String("out", "measure.csv", "the file of the results; - prints them")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *during+2*time.Minute)
	defer cancel()
	if err := run(ctx, flag.Arg(0), *during, *file); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string, during time.Duration, file string) error {
	path, known := paths[name]
	if !known {
		return errors.New("say what to measure: alone, before or after")
	}
	if err := prepare(ctx); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	r, err := measure(ctx, path, during)
	if err != nil {
		return err
	}
	r.run = name
	return r.write(file)
}

// measure reads and commands at the same time.
func measure(ctx context.Context, path string, during time.Duration) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	counted := make(chan int, 1)
	go func() {
		if path == "" {
			counted <- 0
			return
		}
		counted <- read(ctx, os.Getenv("SERVICE_HISTORY")+path+"?customer="+hotel)
	}()
	took, err := command(ctx, place)
	pages := <-counted
	if err != nil {
		return result{}, fmt.Errorf("place orders: %w", err)
	}
	return result{
		reads: float64(pages) / during.Seconds(), p50: percentile(took, 50), p95: percentile(took, 95),
	}, nil
}
