package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"

	kafkago "github.com/segmentio/kafka-go"

	"cnalab/labs/check"
)

// Topic is what the broker says of a topic.
type Topic struct {
	Name       string
	Partitions []int             // in order
	Config     map[string]string // by Kafka's names: "retention.ms"
}

// CreateTopic makes a topic for the check's own use. A topic that is there
// already is left as it is.
func (k *Client) CreateTopic(name string, partitions int) {
	k.c.Helper()
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		answer, err := client.CreateTopics(ctx, &kafkago.CreateTopicsRequest{Topics: []kafkago.TopicConfig{
			{Topic: name, NumPartitions: partitions, ReplicationFactor: 1},
		}})
		if err != nil {
			return err
		}
		if err := answer.Errors[name]; err != nil && !errors.Is(err, kafkago.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
		return nil
	})
}

// Topic describes a topic; false where there is none of that name.
func (k *Client) Topic(name string) (Topic, bool) {
	k.c.Helper()
	topic := Topic{Name: name}
	found := false
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		partitions, err := partitions(ctx, client, name)
		if errors.Is(err, kafkago.UnknownTopicOrPartition) {
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

// Configure gives a topic a setting until reset is called, or the check ends;
// then it has Kafka's default again.
func (k *Client) Configure(topic, name, value string) (reset func()) {
	k.c.Helper()
	k.configure(topic, kafkago.IncrementalAlterConfigsRequestConfig{Name: name, Value: value, ConfigOperation: kafkago.ConfigOperationSet})
	late := &check.C{T: k.c.T, Context: context.WithoutCancel(k.c.Context)} // the check's own has ended at its clean-up
	done := false
	reset = func() {
		if !done {
			done = true
			(&Client{Address: k.Address, c: late}).configure(topic, kafkago.IncrementalAlterConfigsRequestConfig{Name: name, ConfigOperation: kafkago.ConfigOperationDelete})
		}
	}
	k.c.Cleanup(reset)
	return reset
}

func (k *Client) configure(topic string, setting kafkago.IncrementalAlterConfigsRequestConfig) {
	k.c.Helper()
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		answer, err := client.IncrementalAlterConfigs(ctx, &kafkago.IncrementalAlterConfigsRequest{
			Resources: []kafkago.IncrementalAlterConfigsRequestResource{{
				ResourceType: kafkago.ResourceTypeTopic, ResourceName: topic,
				Configs: []kafkago.IncrementalAlterConfigsRequestConfig{setting},
			}},
		})
		if err != nil {
			return err
		}
		return answer.Resources[0].Error
	})
}

// partitions lists the topic's partitions in order.
func partitions(ctx context.Context, client *kafkago.Client, topic string) ([]int, error) {
	answer, err := client.Metadata(ctx, &kafkago.MetadataRequest{Topics: []string{topic}})
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
	return nil, fmt.Errorf("describe topic %s: %w", topic, kafkago.UnknownTopicOrPartition)
}

func topicConfig(ctx context.Context, client *kafkago.Client, topic string) (map[string]string, error) {
	answer, err := client.DescribeConfigs(ctx, &kafkago.DescribeConfigsRequest{
		Resources: []kafkago.DescribeConfigRequestResource{
			{ResourceType: kafkago.ResourceTypeTopic, ResourceName: topic},
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
