package kube

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Inventory is everything that a cluster holds, but for what it makes and
// unmakes by itself.
type Inventory map[string]object

// object is one thing in a cluster.
type object struct {
	path      string // where the API has it
	resource  string // "pods"
	namespace string
	name      string
	owned     bool     // something else has made it, and takes it away
	content   [32]byte // a hash of what a person can change
	raw       map[string]any
}

// resource is a kind of things that can be listed and deleted.
type resource struct {
	base       string // "/apis/apps/v1"
	name       string
	namespaced bool
}

// fleeting are what a cluster makes and unmakes by itself.
var fleeting = []string{"events", "leases", "endpoints", "endpointslices", "ipaddresses", "certificatesigningrequests",
	"csinodes", "controllerrevisions", "resourceslices", "volumeattachments", "csistoragecapacities", "componentstatuses"}

// Take lists what the cluster holds now.
func (c *Client) Take(ctx context.Context) (Inventory, error) {
	resources, err := c.resources(ctx)
	if err != nil {
		return nil, err
	}
	found := make([][]object, len(resources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, r := range resources {
		group.Go(func() (err error) {
			found[i], err = c.list(ctx, r)
			if absent(err) {
				err = nil // its definition was taken away meanwhile
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := Inventory{}
	for _, objects := range found {
		for _, o := range objects {
			all[o.path] = o
		}
	}
	return all, nil
}

// resources asks what can be listed and deleted, each in the version that the
// server prefers.
func (c *Client) resources(ctx context.Context) (all []resource, err error) {
	var groups struct {
		Groups []struct {
			PreferredVersion struct{ GroupVersion string }
		}
	}
	if err := c.Do(ctx, http.MethodGet, "/apis", nil, &groups); err != nil {
		return nil, err
	}
	bases := []string{"/api/v1"}
	for _, g := range groups.Groups {
		if g.PreferredVersion.GroupVersion != "events.k8s.io/v1" {
			bases = append(bases, "/apis/"+g.PreferredVersion.GroupVersion)
		}
	}
	for _, base := range bases {
		found, err := c.resourcesOf(ctx, base)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (c *Client) resourcesOf(ctx context.Context, base string) (all []resource, err error) {
	var list struct {
		Resources []struct {
			Name       string
			Namespaced bool
			Verbs      []string
		}
	}
	if err := c.Do(ctx, http.MethodGet, base, nil, &list); err != nil {
		return nil, err
	}
	for _, r := range list.Resources {
		if slices.Contains(r.Verbs, "list") && slices.Contains(r.Verbs, "delete") && !slices.Contains(fleeting, r.Name) {
			all = append(all, resource{base: base, name: r.Name, namespaced: r.Namespaced})
		}
	}
	return all, nil
}

func (c *Client) list(ctx context.Context, r resource) (all []object, err error) {
	var list struct{ Items []map[string]any }
	if err := c.Do(ctx, http.MethodGet, r.base+"/"+r.name, nil, &list); err != nil {
		return nil, err
	}
	for _, item := range list.Items {
		if o := r.object(item); !o.changesByItself() {
			all = append(all, o)
		}
	}
	return all, nil
}

func (r resource) object(item map[string]any) object {
	meta, _ := item["metadata"].(map[string]any)
	o := object{resource: r.name, raw: item}
	o.name, _ = meta["name"].(string)
	o.namespace, _ = meta["namespace"].(string)
	o.path = r.base + "/" + r.name + "/" + o.name
	if r.namespaced {
		o.path = r.base + "/namespaces/" + o.namespace + "/" + r.name + "/" + o.name
	}
	owners, _ := meta["ownerReferences"].([]any)
	o.owned = len(owners) > 0
	o.content = content(item)
	return o
}

// changesByItself tells of things that come and go, or change, with nobody
// asking: passes of new nodes, which run out, and what is in every namespace.
func (o object) changesByItself() bool {
	switch {
	case o.resource == "secrets" && strings.HasPrefix(o.name, "bootstrap-token-"),
		o.resource == "configmaps" && o.namespace == "kube-public" && o.name == "cluster-info",
		o.resource == "configmaps" && o.name == "kube-root-ca.crt",
		o.resource == "serviceaccounts" && (o.name == "default" || ofSystem(o.namespace)):
		return true
	}
	return o.owned && ofSystem(o.namespace)
}

// ofSystem reports whether the namespace is the cluster's own.
func ofSystem(namespace string) bool {
	return strings.HasPrefix(namespace, "kube-") || namespace == "local-path-storage"
}

// content is a hash of what a person can change of a thing: neither what it
// reports of itself nor what the server writes down about it.
func content(item map[string]any) [32]byte {
	kept := map[string]any{}
	for key, value := range item {
		if key != "metadata" && key != "status" {
			kept[key] = value
		}
	}
	if meta, ok := item["metadata"].(map[string]any); ok {
		kept["labels"] = meta["labels"]
	}
	if spec, ok := item["spec"].(map[string]any); ok && spec["taints"] != nil {
		spec = maps.Clone(spec)
		delete(spec, "taints")
		kept["spec"], kept["taints"] = spec, taints(item, false)
		if len(taints(item, false)) == 0 {
			delete(kept, "taints")
		}
	}
	text, _ := json.Marshal(kept) // keys in order
	return sha256.Sum256(text)
}
