// Command consume takes part in a group by hand, generation by generation.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/segmentio/kafka-go"
)

var (
	topic = flag.String("topic", "orders", "what to consume")
	group = flag.String("group", "delivery", "the group that this process belongs to")
	work  = flag.Duration("work", 0, "how long the work for one event takes")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	members, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: *group, Brokers: []string{os.Getenv("KAFKA")}, Topics: []string{*topic}, StartOffset: kafka.FirstOffset,
		SessionTimeout: 2 * time.Second, RebalanceTimeout: 2 * time.Second, HeartbeatInterval: 100 * time.Millisecond,
		JoinGroupBackoff: 100 * time.Millisecond,
	})
	if err != nil {
		log.Fatal(err)
	}
	for ctx.Err() == nil {
		generation, err := members.Next(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			log.Print(err)
			continue
		}
		for _, share := range generation.Assignments[*topic] {
			generation.Start(func(over context.Context) { read(ctx, over, generation, share) })
		}
	}
	if err := members.Close(); err != nil {
		log.Fatal(err)
	}
}

// read handles one partition until the generation is over or we are to end.
func read(ctx, over context.Context, generation *kafka.Generation, share kafka.PartitionAssignment) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{os.Getenv("KAFKA")}, Topic: *topic, Partition: share.ID, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(share.Offset); err != nil {
		log.Print(err)
		return
	}
	waiting, cancel := context.WithCancel(over)
	defer cancel()
	context.AfterFunc(ctx, cancel)
	for {
		m, err := reader.ReadMessage(waiting)
		if errors.Is(err, context.Canceled) || errors.Is(err, kafka.ErrGenerationEnded) || waiting.Err() != nil {
			return
		}
		if err != nil {
			log.Print(err)
			continue
		}
		handle(m)
		if err := generation.CommitOffsets(map[string]map[int]int64{*topic: {m.Partition: m.Offset + 1}}); err != nil {
			log.Print(err)
			return
		}
	}
}

var printing sync.Mutex

func handle(m kafka.Message) {
	var e struct{ ID string }
	if err := json.Unmarshal(m.Value, &e); err != nil {
		log.Print(err)
		return
	}
	time.Sleep(*work)
	printing.Lock()
	defer printing.Unlock()
	fmt.Printf("{\"handled\":%q,\"partition\":%d,\"offset\":%d}\n", e.ID, m.Partition, m.Offset)
}
