package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"shop/trace"
)

// Publisher writes events to Kafka.
type Publisher struct {
	writer *kafka.Writer
	client *kafka.Client
	mu     sync.Mutex
	ready  bool // the topics exist
}

// NewPublisher returns a publisher for the broker. It connects when it is
// first used.
func NewPublisher(broker string) *Publisher {
	// One transport for both: it keeps what it knows of topics for some time.
	transport := &kafka.Transport{DialTimeout: time.Second}
	return &Publisher{
		client: &kafka.Client{Addr: kafka.TCP(broker), Transport: transport, Timeout: 3 * time.Second},
		writer: &kafka.Writer{
			Addr:         kafka.TCP(broker),
			Transport:    transport,
			Balancer:     &kafka.Hash{},
			RequiredAcks: kafka.RequireAll,
			BatchTimeout: 2 * time.Millisecond,
			WriteTimeout: 3 * time.Second,
			MaxAttempts:  3,
		},
	}
}

// Publish writes the events to the topic, and returns when Kafka has them.
func (p *Publisher) Publish(ctx context.Context, topic string, events ...Event) error {
	messages := make([]kafka.Message, len(events))
	for i, e := range events {
		value, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode %s: %w", e.Type, err)
		}
		messages[i] = kafka.Message{
			Topic:   topic,
			Key:     []byte(e.Key),
			Value:   value,
			Headers: []kafka.Header{{Key: trace.Header, Value: []byte(e.Trace)}},
		}
	}
	return p.send(ctx, messages...)
}

func (p *Publisher) send(ctx context.Context, messages ...kafka.Message) error {
	if err := p.prepare(ctx); err != nil {
		return err
	}
	if err := p.writer.WriteMessages(ctx, messages...); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// prepare creates the topics, once.
func (p *Publisher) prepare(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready {
		return nil
	}
	if err := createTopics(ctx, p.client); err != nil {
		return err
	}
	p.ready = true
	return nil
}

// createTopics creates the topics that are not there. By default Kafka keeps
// events for seven days; those of the stock are kept for ever.
func createTopics(ctx context.Context, client *kafka.Client) error {
	request := &kafka.CreateTopicsRequest{}
	for _, topic := range []string{Orders, Stock, Deliveries, DeadLetters} {
		config := kafka.TopicConfig{Topic: topic, NumPartitions: 3, ReplicationFactor: 1}
		if topic == Stock {
			config.ConfigEntries = []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "-1"}}
		}
		request.Topics = append(request.Topics, config)
	}
	response, err := client.CreateTopics(ctx, request)
	if err != nil {
		return fmt.Errorf("create topics: %w", err)
	}
	for topic, err := range response.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", topic, err)
		}
	}
	return nil
}
