package kind_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// litter is what a learner leaves in every corner.
const litter = `
apiVersion: v1
kind: PersistentVolume
metadata: {name: by-hand}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Mi}, hostPath: {path: /mnt/by-hand}, storageClassName: manual}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.org}
spec: {group: example.org, scope: Namespaced, names: {plural: foos, kind: Foo}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: by-hand}
rules: []
`

func (s *suite) testHandedOn(t *testing.T) {
	before := s.names(t)
	s.kubectl(t, "create", "namespace", "shop")
	s.kubectl(t, "-n", "shop", "create", "deployment", "web", "--image="+loaded, "--replicas=2", "--", "sleep", "1000")
	s.kubectl(t, "create", "deployment", "web", "--image="+loaded, "--", "sleep", "1000")
	s.kubectl(t, "-n", "shop", "rollout", "status", "deployment/web", "--timeout=60s") // the image was loaded
	s.apply(t, litter)
	worker := s.worker(t)
	s.kubectl(t, "label", "node", worker, "tier=front")
	s.kubectl(t, "drain", worker, "--ignore-daemonsets", "--force", "--timeout=60s")
	docker(t, "exec", worker, "sh", "-c", "mkdir -p /mnt/by-hand && touch /mnt/by-hand/file && ctr -n k8s.io images tag docker.io/"+loaded+" docker.io/library/mine:1")
	if err := s.box.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.box.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	waited := s.open() // it is being cleaned, and waited for
	t.Logf("open, with the cleaning: %v", waited)
	if again := s.worker(t); again != worker {
		t.Errorf("the cluster was not handed on: %s, then %s", worker, again)
	}
	if after := s.names(t); !slices.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	if out := s.kubectl(t, "get", "node", worker, "-o", "json"); strings.Contains(out, "unschedulable") || strings.Contains(out, "tier") {
		t.Errorf("the node is as the learner left it:\n%s", out)
	}
	if out := docker(t, "exec", worker, "sh", "-c", "ls -A /mnt 2>/dev/null || true"); out != "" {
		t.Errorf("a file is left: %s", out)
	}
	if err := s.box.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.provider.Warm(t.Context(), lab); err != nil { // waits for the cleaning
		t.Fatal(err)
	}
	if took := s.open(); took > 2*time.Second {
		t.Errorf("from the warm cluster it took %v", took)
	} else {
		t.Logf("open, from the warm cluster: %v", took)
	}
}

// names lists what the cluster holds that people can make.
func (s *suite) names(t *testing.T) []string {
	out := s.kubectl(t, "get", "namespaces,persistentvolumes,customresourcedefinitions,clusterroles,storageclasses,nodes", "-o", "name")
	out += s.kubectl(t, "get", "all,configmaps,secrets,persistentvolumeclaims", "-n", "default", "-o", "name")
	all := strings.Fields(out)
	slices.Sort(all)
	return all
}
