package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
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
	eof, status := false, 0
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
			said := "stored"
			var each kafka.WriteErrors
			if errors.As(err, &each) && errors.Is(each[0], kafka.MessageSizeTooLarge) || errors.Is(err, kafka.MessageSizeTooLarge) {
				said, status = "unsent", 1
			} else if err != nil {
				continue
			}
			mu.Lock()
			fmt.Printf("{%q:%q}\n", said, first.id)
			list = append([]item(nil), list[1:]...)
			mu.Unlock()
		}
	}()
	in := bufio.NewReader(os.Stdin)
	for n := 1; ; n++ {
		text, err := in.ReadString('\n')
		if err != nil && text == "" {
			break
		}
		text = strings.TrimSuffix(text, "\n")
		e, err := event.Parse([]byte(text))
		mu.Lock()
		if err != nil || len(text) > 1<<20 {
			fmt.Printf("{\"rejected\":%d}\n", n)
		} else if len(list) >= *bound {
			fmt.Printf("{\"refused\":%q}\n", e.ID)
		} else {
			fmt.Printf("{\"accepted\":%q}\n", e.ID)
			list = append(list, item{e.ID, message(e, []byte(text))})
		}
		mu.Unlock()
	}
	mu.Lock()
	eof = true
	mu.Unlock()
	select {
	case <-done:
		os.Exit(status)
	case <-time.After(*patience):
		mu.Lock()
		for _, i := range list {
			fmt.Printf("{\"unsent\":%q}\n", i.id)
		}
		os.Exit(1)
	}
}
