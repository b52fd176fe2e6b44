package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// Publisher writes events to Kafka.
type Publisher struct {
	writer *kafka.Writer
	client *kafka.Client
	mu     sync.Mutex
	ready  bool // the topic exists
}

// NewPublisher returns a publisher for the broker. It connects when it is first used.
func NewPublisher(broker string) *Publisher {
	// One transport for both: it keeps what it knows of topics for some time.
	transport := &kafka.Transport{DialTimeout: time.Second}
	return &Publisher{
		client: &kafka.Client{Addr: kafka.TCP(broker), Transport: transport, Timeout: 3 * time.Second},
		writer: &kafka.Writer{
			Addr:         kafka.TCP(broker),
			Topic:        Orders,
			Transport:    transport,
			Balancer:     &kafka.Hash{},
			RequiredAcks: kafka.RequireAll,
			BatchTimeout: 2 * time.Millisecond,
			WriteTimeout: 3 * time.Second,
			MaxAttempts:  3,
		},
	}
}

// Publish writes the events, and returns when Kafka has them.
func (p *Publisher) Publish(ctx context.Context, events ...Event) error {
	messages := make([]kafka.Message, len(events))
	for i, e := range events {
		value, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode %s: %w", e.Type, err)
		}
		messages[i] = kafka.Message{Key: []byte(e.Key), Value: value}
	}
	if err := p.prepare(ctx); err != nil {
		return err
	}
	if err := p.writer.WriteMessages(ctx, messages...); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// prepare creates the topic, once.
func (p *Publisher) prepare(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready {
		return nil
	}
	if err := createTopic(ctx, p.client); err != nil {
		return err
	}
	p.ready = true
	return nil
}

// createTopic creates the topic if it is not there. Its events are kept for ever: the
// view can be rebuilt from them.
func createTopic(ctx context.Context, client *kafka.Client) error {
	response, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: Orders, NumPartitions: Partitions, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "-1"}},
	}}})
	if err != nil {
		return fmt.Errorf("create topic: %w", err)
	}
	if err := response.Errors[Orders]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		return fmt.Errorf("create topic: %w", err)
	}
	return nil
}
