package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"

	"cnalab/labs"
)

const (
	kafkaPatience = 15 * time.Second // for one question, over all attempts
	kafkaAttempt  = 3 * time.Second  // for one attempt
)

// Kafka asks the sandbox's broker. Each method answers or ends the check as
// could not check, so they belong on the check's own goroutine.
type Kafka struct {
	Address string // HOST:PORT
	c       *C
}

// Topic is what the broker says of a topic.
type Topic struct {
	Name       string
	Partitions []int             // in order
	Config     map[string]string // by Kafka's names: "retention.ms"
}

// Kafka returns the sandbox's broker.
func (c *C) Kafka() *Kafka {
	c.Helper()
	k := &Kafka{Address: os.Getenv(labs.EnvKafka), c: c}
	if k.Address == "" {
		c.CouldNotCheck(Finding{
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
func (k *Kafka) ask(question func(ctx context.Context, client *kafka.Client) error) {
	k.c.Helper()
	ctx, cancel := context.WithTimeout(k.c.Context, kafkaPatience)
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
		k.c.CouldNotCheck(Finding{
			Say:    "Kafka did not answer.",
			Next:   "Look at the part kafka and its log, then check again.",
			Output: err.Error(),
		})
	}
}

func (k *Kafka) attempt(ctx context.Context, question func(context.Context, *kafka.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, kafkaAttempt)
	defer cancel()
	transport := &kafka.Transport{DialTimeout: time.Second, ClientID: "cnalab-check"}
	defer transport.CloseIdleConnections()
	return question(ctx, &kafka.Client{Addr: kafka.TCP(k.Address), Transport: transport})
}

// passes reports whether asking again may help: all errors of the network do,
// and those of the protocol that the broker calls temporary.
func passes(err error) bool {
	var said kafka.Error
	return !errors.As(err, &said) || said.Temporary() || said.Timeout()
}

// CreateTopic makes a topic for the check's own use. A topic that is there
// already is left as it is.
func (k *Kafka) CreateTopic(name string, partitions int) {
	k.c.Helper()
	k.ask(func(ctx context.Context, client *kafka.Client) error {
		answer, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
			{Topic: name, NumPartitions: partitions, ReplicationFactor: 1},
		}})
		if err != nil {
			return err
		}
		if err := answer.Errors[name]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
		return nil
	})
}

// Topic describes a topic; false where there is none of that name.
func (k *Kafka) Topic(name string) (Topic, bool) {
	k.c.Helper()
	topic := Topic{Name: name}
	found := false
	k.ask(func(ctx context.Context, client *kafka.Client) error {
		partitions, err := partitions(ctx, client, name)
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			return nil
		}
		if err != nil {
			return err
		}
		topic.Partitions, found = partitions, true
		topic.Config, err = topicConfig(ctx, client, name)
		return err
	})
	return topic, found
}

// partitions lists the topic's partitions in order.
func partitions(ctx context.Context, client *kafka.Client, topic string) ([]int, error) {
	answer, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, err
	}
	for _, t := range answer.Topics {
		if t.Name != topic || t.Error != nil {
			continue
		}
		var ids []int
		for _, p := range t.Partitions {
			ids = append(ids, p.ID)
		}
		slices.Sort(ids)
		return ids, nil
	}
	return nil, fmt.Errorf("describe topic %s: %w", topic, kafka.UnknownTopicOrPartition)
}

func topicConfig(ctx context.Context, client *kafka.Client, topic string) (map[string]string, error) {
	answer, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{
			{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic},
		},
	})
	if err != nil {
		return nil, err
	}
	config := map[string]string{}
	for _, resource := range answer.Resources {
		if resource.Error != nil {
			return nil, fmt.Errorf("describe topic %s: %w", topic, resource.Error)
		}
		for _, entry := range resource.ConfigEntries {
			config[entry.ConfigName] = entry.ConfigValue
		}
	}
	return config, nil
}
