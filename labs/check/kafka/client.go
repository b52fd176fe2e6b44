// Package kafka lets a check ask the sandbox's broker: topics, messages, groups
// and their offsets. A Tap between a program and the broker shows what the
// program asks for. The package knows nothing of what a topic should hold, nor
// of how the broker is run.
package kafka

import (
	"context"
	"errors"
	"os"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"cnalab/labs"
	"cnalab/labs/check"
)

const (
	timeout        = 15 * time.Second // for one question, over all attempts
	attemptTimeout = 3 * time.Second  // for one attempt
)

// Client asks the sandbox's broker. Each method answers or ends the check as
// could not check, so they belong on the check's own goroutine.
type Client struct {
	Address string // HOST:PORT
	c       *check.C
}

// Open returns the client of the sandbox's broker. It connects with the first
// question. Where no sandbox is open, the check ends as could not check.
func Open(c *check.C) *Client {
	c.Helper()
	k := &Client{Address: os.Getenv(labs.EnvKafka), c: c}
	if k.Address == "" {
		c.CouldNotCheck(check.Finding{
			Say:  "There is no Kafka to ask.",
			Next: "Open the lab's sandbox, then check again.",
		})
	}
	return k
}

// ask tries a question until the broker answers it, and ends the check where
// it does not in time.
//
// Each attempt has a Transport of its own: a Transport caches what it knows
// of topics for seconds, and the first call after a broker came back finds
// its old connection broken.
func (k *Client) ask(question func(ctx context.Context, client *kafkago.Client) error) {
	k.c.Helper()
	ctx, cancel := context.WithTimeout(k.c.Context, timeout)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		err := k.attempt(ctx, question)
		if err == nil {
			return
		}
		select {
		case <-time.After(pause):
			if ctx.Err() == nil && passes(err) {
				continue
			}
		case <-ctx.Done():
		}
		k.c.CouldNotCheck(check.Finding{
			Say:    "Kafka did not answer.",
			Next:   "Look at the part kafka and its log, then check again.",
			Output: err.Error(),
		})
	}
}

func (k *Client) attempt(ctx context.Context, question func(context.Context, *kafkago.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	transport := &kafkago.Transport{DialTimeout: time.Second, ClientID: "cnalab-check"}
	defer transport.CloseIdleConnections()
	return question(ctx, &kafkago.Client{Addr: kafkago.TCP(k.Address), Transport: transport})
}

// passes reports whether asking again may help: all errors of the network do,
// those of the protocol that are called temporary, and what a broker says
// that is about to stop or has just begun.
func passes(err error) bool {
	var output kafkago.Error
	return !errors.As(err, &output) || output.Temporary() || output.Timeout() ||
		output == kafkago.Unknown || output == kafkago.BrokerNotAvailable
}
