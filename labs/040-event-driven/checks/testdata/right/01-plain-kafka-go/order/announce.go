package main

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/segmentio/kafka-go"

	"shop/trace"
)

// outlet is a writer of our own, without package event.
var outlet = kafka.Writer{
	Addr: kafka.TCP(os.Getenv("KAFKA")), Topic: "orders", Balancer: kafka.Murmur2Balancer{},
	RequiredAcks: kafka.RequireAll, BatchSize: 1, AllowAutoTopicCreation: true,
}

func announce(ctx context.Context, data map[string]any, id string) error {
	value, err := json.Marshal(map[string]any{
		"id": "placed/" + id, "type": "OrderPlaced", "time": time.Now(), "data": data,
	})
	if err != nil {
		return err
	}
	return outlet.WriteMessages(ctx, kafka.Message{
		Key: []byte(id), Value: value,
		Headers: []kafka.Header{{Key: "traceparent", Value: []byte(trace.Parent(ctx))}},
	})
}
