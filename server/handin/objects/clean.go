package objects

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/goccy/go-yaml"
)

// document is an object as a learner would have written it; empty where it is not
// theirs: made by the cluster itself, or by another of its objects.
func (r resource) document(item []byte) (string, error) {
	object := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(item))
	decoder.UseNumber() // or 3 replicas would become 3.0
	if err := decoder.Decode(&object); err != nil {
		return "", err
	}
	metadata := child(object, "metadata")
	if r.systems(metadata) {
		return "", nil
	}
	object["apiVersion"], object["kind"] = r.version, r.kind
	delete(object, "status")
	clean(metadata)
	r.cleanSpec(child(object, "spec"))
	text, err := json.Marshal(object)
	if err != nil {
		return "", err
	}
	text, err = yaml.JSONToYAML(text)
	return string(text), err
}

// systems reports whether the object is the cluster's own.
func (r resource) systems(metadata map[string]any) bool {
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	if r.kind == "Namespace" {
		namespace = name
	}
	owners, _ := metadata["ownerReferences"].([]any)
	switch {
	case strings.HasPrefix(namespace, "kube-"), namespace == "local-path-storage", len(owners) > 0, metadata["deletionTimestamp"] != nil:
		return true
	case r.kind == "Namespace":
		return name == "default"
	case r.kind == "ConfigMap":
		return name == "kube-root-ca.crt"
	case r.kind == "ServiceAccount":
		return name == "default"
	case r.kind == "Service":
		return name == "kubernetes" && namespace == "default"
	}
	return false
}

// child is an object's field that is an object; an empty one where it is not.
func child(object map[string]any, field string) map[string]any {
	if is, ok := object[field].(map[string]any); ok {
		return is
	}
	return map[string]any{}
}

// clean takes from an object's metadata what the cluster has put there.
func clean(metadata map[string]any) {
	for _, field := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"} {
		delete(metadata, field)
	}
	remove(metadata, "annotations", "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/", "pv.kubernetes.io/", "volume.kubernetes.io/",
		"volume.beta.kubernetes.io/", "deprecated.daemonset.")
	remove(metadata, "labels", "kubernetes.io/metadata.name", "batch.kubernetes.io/", "controller-uid", "job-name")
}

// remove takes the keys that begin so from a field, and the field where nothing
// is left.
func remove(object map[string]any, field string, prefixes ...string) {
	all := child(object, field)
	for key := range all {
		for _, prefix := range prefixes {
			if strings.HasPrefix(key, prefix) {
				delete(all, key)
			}
		}
	}
	if len(all) == 0 {
		delete(object, field)
	}
}

// cleanSpec takes out what only this cluster could have: addresses, nodes, and
// what it has bound.
func (r resource) cleanSpec(spec map[string]any) {
	switch r.kind {
	case "Namespace":
		delete(spec, "finalizers")
	case "Service":
		if spec["clusterIP"] != "None" { // which somebody has chosen
			delete(spec, "clusterIP")
			delete(spec, "clusterIPs")
		}
	case "PersistentVolumeClaim":
		delete(spec, "volumeName")
	case "Job":
		delete(spec, "selector")
		clean(child(child(spec, "template"), "metadata"))
	case "Pod":
		delete(spec, "nodeName")
		spec["volumes"] = without(spec["volumes"], "name")
		containers, _ := spec["containers"].([]any)
		for _, c := range containers {
			if c, ok := c.(map[string]any); ok {
				c["volumeMounts"] = without(c["volumeMounts"], "name")
			}
		}
	}
}

// without leaves out what the cluster mounts into every pod.
func without(list any, key string) (kept []any) {
	all, _ := list.([]any)
	for _, one := range all {
		named, _ := one.(map[string]any)
		if name, _ := named[key].(string); !strings.HasPrefix(name, "kube-api-access-") {
			kept = append(kept, one)
		}
	}
	return kept
}
