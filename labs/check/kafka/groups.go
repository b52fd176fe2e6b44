package kafka

import (
	"cmp"
	"context"
	"errors"
	"slices"

	kafkago "github.com/segmentio/kafka-go"
)

// Group is what the broker says of a consumer group.
type Group struct {
	State   string   // "Stable" once every member knows its share; "Dead" or "Empty" without any
	Members []Member // by ID
}

// Member is one process of a consumer group.
type Member struct {
	ID         string
	Client     string
	Partitions map[string][]int // by topic
}

// Stable reports whether the group has so many members and is at rest.
func (g Group) Stable(members int) bool {
	return g.State == "Stable" && len(g.Members) == members
}

// Group describes a consumer group. One that nobody has joined is Dead.
func (k *Client) Group(id string) Group {
	k.c.Helper()
	var group Group
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		answer, err := client.DescribeGroups(ctx, &kafkago.DescribeGroupsRequest{GroupIDs: []string{id}})
		if err != nil {
			return err
		}
		for _, g := range answer.Groups {
			if g.Error != nil && !errors.Is(g.Error, kafkago.GroupIdNotFound) {
				return g.Error
			}
			group = groupOf(g)
		}
		return nil
	})
	return group
}

func groupOf(g kafkago.DescribeGroupsResponseGroup) Group {
	group := Group{State: g.GroupState}
	for _, m := range g.Members {
		member := Member{ID: m.MemberID, Client: m.ClientID, Partitions: map[string][]int{}}
		for _, t := range m.MemberAssignments.Topics {
			member.Partitions[t.Topic] = slices.Sorted(slices.Values(t.Partitions))
		}
		group.Members = append(group.Members, member)
	}
	slices.SortFunc(group.Members, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	return group
}

// Committed returns, by partition, the offset at which the group would go on.
// Partitions for which it never committed are left out.
func (k *Client) Committed(group, topic string) map[int]int64 {
	k.c.Helper()
	var committed map[int]int64
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		ids, err := partitions(ctx, client, topic)
		if err != nil {
			return err
		}
		committed, err = fetchOffsets(ctx, client, group, topic, ids)
		return err
	})
	return committed
}

// GroupsOf lists the groups that have committed an offset of the topic.
func (k *Client) GroupsOf(topic string) []string {
	k.c.Helper()
	var groups []string
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		groups = nil
		ids, err := partitions(ctx, client, topic)
		if err != nil {
			return err
		}
		answer, err := client.ListGroups(ctx, &kafkago.ListGroupsRequest{})
		if err != nil {
			return err
		}
		for _, g := range answer.Groups {
			committed, err := fetchOffsets(ctx, client, g.GroupID, topic, ids)
			if err != nil {
				return err
			}
			if len(committed) > 0 {
				groups = append(groups, g.GroupID)
			}
		}
		return answer.Error
	})
	slices.Sort(groups)
	return groups
}

func fetchOffsets(ctx context.Context, client *kafkago.Client, group, topic string, ids []int) (map[int]int64, error) {
	answer, err := client.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{
		GroupID: group, Topics: map[string][]int{topic: ids},
	})
	if err != nil {
		return nil, err
	}
	if errors.Is(answer.Error, kafkago.GroupIdNotFound) {
		return nil, nil // nobody has joined it yet
	}
	if answer.Error != nil {
		return nil, answer.Error
	}
	committed := map[int]int64{}
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return nil, p.Error
		}
		if p.CommittedOffset >= 0 {
			committed[p.Partition] = p.CommittedOffset
		}
	}
	return committed, nil
}

// Lag returns how many of the topic's messages the group has not committed.
func (k *Client) Lag(group, topic string) int64 {
	k.c.Helper()
	var lag int64
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		lag = 0
		spans, err := spans(ctx, client, topic)
		if err != nil {
			return err
		}
		var ids []int
		for _, s := range spans {
			ids = append(ids, s.partition)
		}
		committed, err := fetchOffsets(ctx, client, group, topic, ids)
		for _, s := range spans {
			lag += s.end - max(s.first, committed[s.partition])
		}
		return err
	})
	return lag
}
