package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"shop/event"
)

type item struct {
	id string
	m  kafka.Message
}

func main() {
	topic := flag.String("topic", "orders", "")
	bound := flag.Int("bound", 100, "")
	patience := flag.Duration("patience", 5*time.Second, "")
	flag.Parse()
	var mu sync.Mutex
	var list []item
	eof := false
	done := make(chan struct{})
	w := newWriter(*topic)
	go func() {
		defer close(done)
		for {
			mu.Lock()
			if len(list) == 0 && eof {
				mu.Unlock()
				return
			}
			var first *item
			if len(list) > 0 {
				first = &list[0]
			}
			mu.Unlock()
			if first == nil {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			err := w.WriteMessages(ctx, first.m)
			cancel()
			if err != nil {
				continue
			}
			mu.Lock()
			fmt.Printf("{\"stored\":%q}\n", first.id)
			list = append([]item(nil), list[1:]...)
			mu.Unlock()
		}
	}()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		e, _ := event.Parse(in.Bytes())
		mu.Lock()
		if len(list) >= *bound {
			fmt.Printf("{\"refused\":%q}\n", e.ID)
		} else {
			fmt.Printf("{\"accepted\":%q}\n", e.ID)
			list = append(list, item{e.ID, message(e, in.Bytes())})
		}
		mu.Unlock()
	}
	mu.Lock()
	eof = true
	mu.Unlock()
	select {
	case <-done:
	case <-time.After(*patience):
		mu.Lock()
		for _, i := range list {
			fmt.Printf("{\"unsent\":%q}\n", i.id)
		}
		os.Exit(1)
	}
}
