package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// nobody is a group that has no members and never will.
const nobody = "cnalab-nobody"

// Ready returns nil once the broker at the address serves groups. A
// broker takes connections a while before: until it has loaded the topic of
// the offsets a reader is turned away. That topic has one partition, so that
// one group speaks for all.
func Ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.RequestRetries(0))
	if err != nil {
		return err
	}
	defer client.Close()
	broker := client.SeedBrokers()[0]
	find := kmsg.NewPtrFindCoordinatorRequest()
	find.CoordinatorKey, find.CoordinatorKeys = nobody, []string{nobody}
	found, err := broker.Request(ctx, find)
	if err != nil {
		return fmt.Errorf("find coordinator: %w", err)
	}
	for _, c := range found.(*kmsg.FindCoordinatorResponse).Coordinators {
		if err := kerr.ErrorForCode(c.ErrorCode); err != nil {
			return fmt.Errorf("find coordinator: %w", err)
		}
	}
	return fetches(ctx, broker)
}

func fetches(ctx context.Context, broker *kgo.Broker) error {
	fetch := kmsg.NewPtrOffsetFetchRequest()
	group := kmsg.NewOffsetFetchRequestGroup()
	fetch.Group, group.Group = nobody, nobody
	fetch.Groups = append(fetch.Groups, group)
	fetched, err := broker.Request(ctx, fetch)
	if err != nil {
		return fmt.Errorf("fetch offsets: %w", err)
	}
	answer := fetched.(*kmsg.OffsetFetchResponse)
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return fmt.Errorf("fetch offsets: %w", err)
	}
	for _, g := range answer.Groups {
		// An embedded broker says that there is no such group; it has looked.
		if err := kerr.ErrorForCode(g.ErrorCode); err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
			return fmt.Errorf("fetch offsets: %w", err)
		}
	}
	return nil
}
