package kube

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
)

// The kinds of objects by their place in the API.
const (
	core         = "/api/v1"
	apps         = "/apis/apps/v1"
	discovery    = "/apis/discovery.k8s.io/v1"
	coordination = "/apis/coordination.k8s.io/v1"
	policy       = "/apis/policy/v1"
)

// object gets one object; it is nil where there is none of that name.
func object[T any](k *Client, path string) *T {
	k.c.Helper()
	out := new(T)
	err := k.call(k.c.Context, http.MethodGet, path, nil, out)
	if notFound(err) {
		return nil
	}
	k.must(err)
	return out
}

// objects lists objects; there are none where their namespace is not there.
func objects[T any](k *Client, path string) []T {
	k.c.Helper()
	var list struct{ Items []T }
	k.must(k.call(k.c.Context, http.MethodGet, path, nil, &list))
	return list.Items
}

func in(api, namespace, kind, name string) string {
	path := api + "/namespaces/" + url.PathEscape(namespace) + "/" + kind
	if name != "" {
		path += "/" + url.PathEscape(name)
	}
	return path
}

// HasNamespace reports whether there is a namespace of that name, which is not
// being taken away.
func (k *Client) HasNamespace(name string) bool {
	k.c.Helper()
	ns := object[struct{ Metadata ObjectMeta }](k, core+"/namespaces/"+url.PathEscape(name))
	return ns != nil && ns.Metadata.Deleted == nil
}

// Nodes lists the cluster's machines.
func (k *Client) Nodes() []Node { k.c.Helper(); return objects[Node](k, core+"/nodes") }

// Pods lists the pods of a namespace that bear all the labels, and are not
// being taken away; labels is empty for all.
func (k *Client) Pods(namespace string, labels map[string]string) []Pod {
	k.c.Helper()
	var pods []Pod
	for _, p := range objects[Pod](k, in(core, namespace, "pods", "")) {
		if p.Metadata.Deleted == nil && bears(p.Metadata.Labels, labels) {
			pods = append(pods, p)
		}
	}
	return pods
}

// Leaving lists the pods of a namespace that are being taken away.
func (k *Client) Leaving(namespace string) []Pod {
	k.c.Helper()
	return slices.DeleteFunc(objects[Pod](k, in(core, namespace, "pods", "")), func(p Pod) bool { return p.Metadata.Deleted == nil })
}

func bears(has, wanted map[string]string) bool {
	for key, value := range wanted {
		if has[key] != value {
			return false
		}
	}
	return true
}

// Deployment gets a Deployment, or nil where there is none of that name.
func (k *Client) Deployment(namespace, name string) *Deployment {
	k.c.Helper()
	return object[Deployment](k, in(apps, namespace, "deployments", name))
}

// Specs are what each Deployment of a namespace asks for, as it is written for
// the API, by its name.
func (k *Client) Specs(namespace string) map[string]string {
	k.c.Helper()
	specs := map[string]string{}
	for _, d := range objects[struct {
		Metadata ObjectMeta
		Spec     json.RawMessage
	}](k, in(apps, namespace, "deployments", "")) {
		specs[d.Metadata.Name] = string(d.Spec)
	}
	return specs
}

// ReplicaSets lists the versions of a Deployment that are remembered.
func (k *Client) ReplicaSets(namespace string, of *Deployment) []ReplicaSet {
	k.c.Helper()
	var sets []ReplicaSet
	for _, s := range objects[ReplicaSet](k, in(apps, namespace, "replicasets", "")) {
		if s.Metadata.ownedBy(of.Metadata.UID) {
			sets = append(sets, s)
		}
	}
	return sets
}

// PodsOf lists the pods that a Deployment has brought, but for those that are
// being taken away.
func (k *Client) PodsOf(namespace string, of *Deployment) []Pod {
	k.c.Helper()
	var pods []Pod
	sets := k.ReplicaSets(namespace, of)
	for _, p := range k.Pods(namespace, nil) {
		for _, s := range sets {
			if p.Metadata.ownedBy(s.Metadata.UID) {
				pods = append(pods, p)
			}
		}
	}
	return pods
}

// Service gets a Service, or nil where there is none of that name.
func (k *Client) Service(namespace, name string) *Service {
	k.c.Helper()
	return object[Service](k, in(core, namespace, "services", name))
}

// Services lists the Services of a namespace.
func (k *Client) Services(namespace string) []Service {
	k.c.Helper()
	return objects[Service](k, in(core, namespace, "services", ""))
}

// Behind lists the pods that a Service leads to at the moment, by name.
func (k *Client) Behind(namespace, service string) []string {
	k.c.Helper()
	var names []string
	for _, slice := range objects[endpointSlice](k, in(discovery, namespace, "endpointslices", "")) {
		if slice.Metadata.Labels["kubernetes.io/service-name"] != service {
			continue
		}
		for _, e := range slice.Endpoints {
			if e.Conditions.Ready == nil || *e.Conditions.Ready {
				names = append(names, e.Target.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Budgets lists the PodDisruptionBudgets of a namespace.
func (k *Client) Budgets(namespace string) []Budget {
	k.c.Helper()
	return objects[Budget](k, in(policy, namespace, "poddisruptionbudgets", ""))
}

// ConfigMaps lists the ConfigMaps of a namespace.
func (k *Client) ConfigMaps(namespace string) []ConfigMap {
	k.c.Helper()
	return objects[ConfigMap](k, in(core, namespace, "configmaps", ""))
}

// Secrets lists the Secrets of a namespace.
func (k *Client) Secrets(namespace string) []Secret {
	k.c.Helper()
	return objects[Secret](k, in(core, namespace, "secrets", ""))
}

func (m ObjectMeta) ownedBy(uid string) bool {
	for _, owner := range m.Owners {
		if owner.UID == uid && owner.Controller {
			return true
		}
	}
	return false
}
