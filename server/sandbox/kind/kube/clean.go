package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"
)

// Clean takes away whatever the inventory does not have, and makes nodes take
// work again. It returns when all of it is gone; an error where something is
// left, or where something of the inventory is gone or was changed: then the
// cluster is not what it was.
func (c *Client) Clean(ctx context.Context, was Inventory) error {
	if err := c.mendNodes(ctx, was); err != nil {
		return err
	}
	for {
		left, err := c.sweep(ctx, was)
		if left == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("clean the cluster: %w; left: %w", ctx.Err(), left)
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// sweep takes away what is left, and says what: nil where there was nothing
// any more. What fails is seen in the next round, and so is what the server
// cannot tell, as of a kind of things that is just going.
func (c *Client) sweep(ctx context.Context, was Inventory) (left, err error) {
	now, err := c.Take(ctx)
	if err != nil {
		return err, nil
	}
	extra := now.beyond(was)
	if len(extra) == 0 {
		return nil, now.differs(was)
	}
	for _, o := range extra {
		c.remove(ctx, o)
	}
	return errors.New(extra[0].path), nil
}

// first are what has to go before others can: what may forbid it.
var first = map[string]int{"validatingwebhookconfigurations": -2, "mutatingwebhookconfigurations": -2,
	"validatingadmissionpolicybindings": -2, "mutatingadmissionpolicybindings": -2, "namespaces": -1}

// beyond is what there is that was not there, in the order in which it goes.
// What is in a namespace that goes, goes with it, but for pods, which would
// take their time.
func (now Inventory) beyond(was Inventory) (extra []object) {
	going := map[string]bool{}
	for path, o := range now {
		if _, ok := was[path]; !ok && o.resource == "namespaces" {
			going[o.name] = true
		}
	}
	for path, o := range now {
		if _, ok := was[path]; !ok && (!going[o.namespace] || o.resource == "pods") {
			extra = append(extra, o)
		}
	}
	sort.Slice(extra, func(i, j int) bool {
		a, b := extra[i], extra[j]
		if first[a.resource] != first[b.resource] {
			return first[a.resource] < first[b.resource]
		}
		return a.path < b.path
	})
	return extra
}

// remove has one thing deleted, and what it has made. Pods get no time.
func (c *Client) remove(ctx context.Context, o object) error {
	if o.owned && o.resource != "pods" {
		return nil // goes with what has made it
	}
	options := map[string]any{"propagationPolicy": "Background"}
	if o.resource == "pods" {
		options["gracePeriodSeconds"] = 0
	}
	return c.Do(ctx, http.MethodDelete, o.path, options, nil)
}

// differs tells of what is gone or was changed.
func (now Inventory) differs(was Inventory) error {
	var changed []string
	for path, o := range was {
		if found, ok := now[path]; !ok || found.content != o.content {
			changed = append(changed, path)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	sort.Strings(changed)
	return fmt.Errorf("the cluster is not what it was: %s", strings.Join(changed, ", "))
}

// mendNodes gives nodes back the labels and taints they had, and lets them
// take work.
func (c *Client) mendNodes(ctx context.Context, was Inventory) error {
	for path, o := range was {
		if o.resource != "nodes" {
			continue
		}
		var now map[string]any
		if err := c.Do(ctx, http.MethodGet, path, nil, &now); err != nil {
			return err
		}
		if content(now) == o.content {
			continue
		}
		if err := c.Do(ctx, http.MethodPatch, path, backTo(o.raw, now), nil); err != nil {
			return err
		}
	}
	return nil
}

// backTo is a merge patch that makes a node's labels and taints what they were.
func backTo(was, now map[string]any) map[string]any {
	labels := map[string]any{}
	for name := range labelsOf(now) {
		labels[name] = nil
	}
	for name, value := range labelsOf(was) {
		labels[name] = value
	}
	return map[string]any{
		"metadata": map[string]any{"labels": labels},
		"spec":     map[string]any{"unschedulable": nil, "taints": append(taints(was, false), taints(now, true)...)},
	}
}

// taints are those of a node that the cluster puts there by itself, as on one
// that is not ready yet, or the others.
func taints(item map[string]any, byItself bool) []any {
	spec, _ := item["spec"].(map[string]any)
	all, _ := spec["taints"].([]any)
	found := []any{}
	for _, t := range all {
		taint, _ := t.(map[string]any)
		key, _ := taint["key"].(string)
		if strings.HasPrefix(key, "node.kubernetes.io/") == byItself {
			found = append(found, t)
		}
	}
	return found
}

func labelsOf(item map[string]any) map[string]any {
	meta, _ := item["metadata"].(map[string]any)
	labels, _ := meta["labels"].(map[string]any)
	return labels
}
