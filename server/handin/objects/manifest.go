package objects

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"cnalab/server/sandbox/kind/kube"
)

// resource is a kind of object that learners make, and where the API server has
// all of it. What others need is first.
type resource struct{ path, version, kind string }

var resources = []resource{
	{"/api/v1/namespaces", "v1", "Namespace"},
	{"/api/v1/serviceaccounts", "v1", "ServiceAccount"},
	{"/api/v1/configmaps", "v1", "ConfigMap"},
	{"/api/v1/secrets", "v1", "Secret"},
	{"/api/v1/persistentvolumeclaims", "v1", "PersistentVolumeClaim"},
	{"/apis/rbac.authorization.k8s.io/v1/roles", "rbac.authorization.k8s.io/v1", "Role"},
	{"/apis/rbac.authorization.k8s.io/v1/rolebindings", "rbac.authorization.k8s.io/v1", "RoleBinding"},
	{"/api/v1/services", "v1", "Service"},
	{"/api/v1/pods", "v1", "Pod"},
	{"/api/v1/replicationcontrollers", "v1", "ReplicationController"},
	{"/apis/apps/v1/deployments", "apps/v1", "Deployment"},
	{"/apis/apps/v1/statefulsets", "apps/v1", "StatefulSet"},
	{"/apis/apps/v1/daemonsets", "apps/v1", "DaemonSet"},
	{"/apis/apps/v1/replicasets", "apps/v1", "ReplicaSet"},
	{"/apis/batch/v1/jobs", "batch/v1", "Job"},
	{"/apis/batch/v1/cronjobs", "batch/v1", "CronJob"},
	{"/apis/networking.k8s.io/v1/ingresses", "networking.k8s.io/v1", "Ingress"},
	{"/apis/networking.k8s.io/v1/networkpolicies", "networking.k8s.io/v1", "NetworkPolicy"},
	{"/apis/autoscaling/v2/horizontalpodautoscalers", "autoscaling/v2", "HorizontalPodAutoscaler"},
	{"/apis/policy/v1/poddisruptionbudgets", "policy/v1", "PodDisruptionBudget"},
}

// one is where the API server has one object of the kind.
func (r resource) one(namespace, name string) string {
	at := strings.LastIndex(r.path, "/")
	if r.kind == "Namespace" {
		return r.path + "/" + name
	}
	return r.path[:at] + "/namespaces/" + namespace + r.path[at:] + "/" + name
}

// separator stands between the documents of a manifest.
const separator = "---\n"

// exportManifest writes the learner's objects.
func exportManifest(ctx context.Context, config string) ([]byte, error) {
	cluster, err := connect(config)
	if err != nil {
		return nil, err
	}
	defer cluster.Close()
	var documents []string
	for _, r := range resources {
		var list struct{ Items []json.RawMessage }
		if err := cluster.Get(ctx, r.path, &list); err != nil {
			return nil, fmt.Errorf("export objects: %w", err)
		}
		for _, item := range list.Items {
			text, err := r.document(item)
			if err != nil {
				return nil, fmt.Errorf("export %s: %w", r.kind, err)
			}
			if text != "" {
				documents = append(documents, text)
			}
		}
	}
	return []byte(strings.Join(documents, separator)), nil
}

func connect(config string) (*kube.Client, error) {
	text, err := os.ReadFile(config)
	if err != nil {
		return nil, fmt.Errorf("find the cluster: %w", err)
	}
	return kube.New(text)
}

// nodes notes what each node is called, by what it is for.
func nodes(ctx context.Context, config string, names map[string]string) error {
	cluster, err := connect(config)
	if err != nil {
		return err
	}
	defer cluster.Close()
	var list struct {
		Items []struct {
			Metadata struct {
				Name   string
				Labels map[string]string
			}
		}
	}
	if err := cluster.Get(ctx, "/api/v1/nodes", &list); err != nil {
		return fmt.Errorf("list nodes: %w", err)
	}
	workers := 0
	for _, node := range list.Items {
		if _, controls := node.Metadata.Labels["node-role.kubernetes.io/control-plane"]; controls {
			names["node control-plane"] = node.Metadata.Name
			continue
		}
		workers++
		names[fmt.Sprintf("node worker %d", workers)] = node.Metadata.Name
	}
	return nil
}

// restoreManifest applies the objects; without all only those that are not there.
func restoreManifest(ctx context.Context, manifest []byte, config string, all bool) (failed []string) {
	cluster, err := connect(config)
	if err != nil {
		return []string{fmt.Sprintf("The objects were not made again: %v.", err)}
	}
	defer cluster.Close()
	for _, document := range strings.Split("\n"+string(manifest), "\n"+separator) {
		var object struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string `yaml:"kind"`
			Metadata   struct {
				Name      string `yaml:"name"`
				Namespace string `yaml:"namespace"`
			} `yaml:"metadata"`
		}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			failed = append(failed, fmt.Sprintf("An object cannot be read: %v.", err))
			continue
		}
		for _, r := range resources {
			if r.kind != object.Kind || r.version != object.APIVersion {
				continue
			}
			at := r.one(object.Metadata.Namespace, object.Metadata.Name)
			if !all && cluster.Get(ctx, at, nil) == nil {
				continue
			}
			if err := cluster.Apply(ctx, at, []byte(document)); err != nil {
				failed = append(failed, fmt.Sprintf("%s %s was not made again: %v.", object.Kind, object.Metadata.Name, err))
			}
		}
	}
	return failed
}
