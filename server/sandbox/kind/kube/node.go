package kube

import (
	"context"
	"fmt"
	"time"
)

// node is what is read of a node.
type node struct {
	Status struct {
		Conditions []struct {
			Type, Status string
			Heartbeat    time.Time `json:"lastHeartbeatTime"`
		}
	}
}

// Ready returns nil where the node says that it is ready, has said so since that
// time, and answers: what it said before it was started anew means nothing, and
// the second in which it said so may be the one in which it was started.
func (c *Client) Ready(ctx context.Context, name string, since time.Time) error {
	var n node
	if err := c.Get(ctx, "/api/v1/nodes/"+name, &n); err != nil {
		return err
	}
	for _, condition := range n.Status.Conditions {
		if condition.Type != "Ready" {
			continue
		}
		if condition.Status == "True" && !condition.Heartbeat.Before(since.Truncate(time.Second)) {
			return c.Get(ctx, "/api/v1/nodes/"+name+"/proxy/healthz", nil)
		}
		return fmt.Errorf("node %s: ready is %s, told at %v", name, condition.Status, condition.Heartbeat)
	}
	return fmt.Errorf("node %s does not say whether it is ready", name)
}

// Await waits until all of the nodes are ready.
func (c *Client) Await(ctx context.Context, names []string) error {
	for _, name := range names {
		for {
			err := c.Ready(ctx, name, time.Time{})
			if err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for the nodes: %w: %w", ctx.Err(), err)
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}
