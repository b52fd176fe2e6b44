package kube

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"cnalab/labs/check"
)

// healTimeout bounds what heals when the check ends.
const healTimeout = 30 * time.Second

// Faults in a cluster. What a check breaks here is healed when the check ends,
// however it ends: a pod by its controller, the rest by the check.

// DeletePod takes a pod away. It must belong to a controller, which brings
// another: a pod that nobody brings back is never deleted.
func (k *Client) DeletePod(namespace string, pod Pod) {
	k.c.Helper()
	k.owned(pod)
	err := k.call(k.c.Context, http.MethodDelete, in(core, namespace, "pods", pod.Metadata.Name), nil, nil)
	if !notFound(err) {
		k.must(err)
	}
}

// Evict asks a pod to leave its node, as a drain does. It reports whether the pod
// does: a PodDisruptionBudget may refuse.
func (k *Client) Evict(namespace string, pod Pod) bool {
	k.c.Helper()
	k.owned(pod)
	name := pod.Metadata.Name
	body := map[string]any{"apiVersion": "policy/v1", "kind": "Eviction",
		"metadata": map[string]string{"name": name, "namespace": namespace}}
	err := k.call(k.c.Context, http.MethodPost, in(core, namespace, "pods", name)+"/eviction", body, nil)
	if overBudget(err) {
		return false
	}
	if !notFound(err) {
		k.must(err)
	}
	return true
}

// owned keeps a check from a pod that nobody would bring back.
func (k *Client) owned(pod Pod) {
	k.c.Helper()
	for _, owner := range pod.Metadata.Owners {
		if owner.Controller {
			return
		}
	}
	k.c.CouldNotCheck(check.Finding{Say: "The pod " + pod.Metadata.Name + " belongs to nobody: the check would take it away for good."})
}

// Cordon keeps new pods from a node until the check ends, or heal is called.
func (k *Client) Cordon(node string) (heal func()) {
	k.c.Helper()
	path := core + "/nodes/" + url.PathEscape(node)
	return k.change(path, cordoned(true), cordoned(false))
}

func cordoned(on bool) any {
	return map[string]any{"spec": map[string]any{"unschedulable": on}}
}

// restarted annotates a Deployment's template for a rollout that changes nothing
// else. It is the same each time, so that the Deployment's history holds one
// such version and not one for each check.
const restarted = "cnalab/rolled-out-by"

// Rollout rolls all pods of a Deployment out anew. Healing rolls back.
func (k *Client) Rollout(namespace, deployment string) (heal func()) {
	k.c.Helper()
	annotate := func(value any) any {
		annotations := map[string]any{"annotations": map[string]any{restarted: value}}
		return map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": annotations}}}
	}
	return k.change(in(apps, namespace, "deployments", deployment), annotate("check"), annotate(nil))
}

// SetConfig changes one value of a ConfigMap. Healing gives it its old one.
func (k *Client) SetConfig(namespace, name, key, value, old string) (heal func()) {
	k.c.Helper()
	data := func(value string) any { return map[string]any{"data": map[string]string{key: value}} }
	return k.change(in(core, namespace, "configmaps", name), data(value), data(old))
}

// SetSecret changes one value of a Secret. Healing gives it its old one.
func (k *Client) SetSecret(namespace, name, key, value, old string) (heal func()) {
	k.c.Helper()
	data := func(value string) any { return map[string]any{"stringData": map[string]string{key: value}} }
	return k.change(in(core, namespace, "secrets", name), data(value), data(old))
}

// AtEnd has more healed when the check ends, by a client that still works then.
func (k *Client) AtEnd(heal func(k *Client)) {
	k.c.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(k.c.Context), healTimeout)
		defer cancel()
		c, still := *k.c, *k
		c.Context, still.c = ctx, &c
		heal(&still)
	})
}

// change patches an object, and undoes it once: by heal or by the check's end.
func (k *Client) change(path string, there, back any) (heal func()) {
	k.c.Helper()
	broken := true // even where the answer is lost, the change may be there
	heal = func() {
		k.c.Helper()
		if broken {
			broken = false
			ctx, cancel := context.WithTimeout(context.WithoutCancel(k.c.Context), healTimeout)
			defer cancel()
			k.must(k.call(ctx, http.MethodPatch, path, back, nil))
		}
	}
	k.c.Cleanup(heal)
	k.must(k.call(k.c.Context, http.MethodPatch, path, there, nil))
	return heal
}
