package objects

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
)

// inspected is a container as the engine tells of it.
func inspected() (container.InspectResponse, *image.InspectResponse) {
	of := &image.InspectResponse{Config: &dockerspec.DockerOCIImageConfig{}}
	of.Config.Env, of.Config.Cmd, of.Config.User = []string{"PATH=/bin"}, []string{"/order"}, "65532"
	port := network.MustParsePort("8080/tcp")
	return container.InspectResponse{
		Name:   "/order",
		Config: &container.Config{Image: "order", Env: []string{"PATH=/bin", "DATABASE=postgres://db/shop"}, Cmd: []string{"/order"}, User: "65532"},
		HostConfig: &container.HostConfig{NetworkMode: "shop", RestartPolicy: container.RestartPolicy{Name: "unless-stopped"},
			PortBindings: network.PortMap{port: {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: ""}}}},
		Mounts: []container.MountPoint{
			{Type: mount.TypeVolume, Name: "orders", Destination: "/data", RW: true},
			{Type: mount.TypeVolume, Name: strings.Repeat("a1", 32), Destination: "/cache", RW: true},
			{Type: mount.TypeBind, Source: "/home/ana/shop/conf", Destination: "/conf"},
		},
		NetworkSettings: &container.NetworkSettings{Networks: map[string]*network.EndpointSettings{"shop": {}, "bridge": {}}},
	}, of
}

// A container is told by what its image does not say, and started again so.
func TestAContainerIsStartedAgain(t *testing.T) {
	c, of := inspected()
	s := serviceOf(c, of, "/home/ana/shop")
	f := composeFile{Images: []string{"order"}, Services: map[string]service{"order": s}, Networks: map[string]struct{}{"shop": {}}, Volumes: map[string]struct{}{"orders": {}}}
	text, err := f.marshal()
	if err != nil {
		t.Fatal(err)
	}
	var read composeFile
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var got []string
	for _, object := range read.commands("/grader/work") {
		got = append(got, strings.Join(object.make, " "))
	}
	want := []string{
		"build -t order .",
		"network create -- shop",
		"volume create -- orders",
		"run -d --name=order --env=DATABASE=postgres://db/shop --publish=127.0.0.1::8080/tcp --restart=unless-stopped --network=shop" +
			" --volume=/grader/work/conf:/conf:ro --volume=/cache --volume=orders:/data -- order",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
}

func TestAnotherProgramIsStartedAgain(t *testing.T) {
	c, of := inspected()
	c.Config.Entrypoint, c.Config.Cmd = []string{"sh", "-c"}, []string{"sleep 9"}
	run := serviceOf(c, of, "/elsewhere").run("/work")
	if got := strings.Join(run[len(run)-3:], "|"); got != "order|-c|sleep 9" || !strings.Contains(strings.Join(run, " "), "--entrypoint=sh ") {
		t.Errorf("it is started by %q", run)
	}
	if got := strings.Join(run, " "); !strings.Contains(got, "/home/ana/shop/conf:/conf:ro") {
		t.Errorf("a folder elsewhere is mounted by %s", got)
	}
}

func TestNothingIsExportedOfNothing(t *testing.T) {
	if text, err := (composeFile{}).marshal(); err != nil || len(text) > 0 {
		t.Errorf("got %q, %v", text, err)
	}
}

const deployment = `{"metadata": {"name": "order", "namespace": "shop", "uid": "u", "resourceVersion": "7", "generation": 2, "creationTimestamp": "x",
 "managedFields": [{}], "annotations": {"deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
 "spec": {"replicas": 3, "template": {"spec": {"containers": [{"env": [{"name": "VERSION", "value": "1"}]}]}}}, "status": {"replicas": 3}}`

func TestAnObjectIsAsItsLearnerWroteIt(t *testing.T) {
	got, err := resource{"", "apps/v1", "Deployment"}.document([]byte(deployment))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "order", "namespace": "shop"},
		"spec": map[string]any{"replicas": uint64(3), "template": map[string]any{"spec": map[string]any{"containers": []any{
			map[string]any{"env": []any{map[string]any{"name": "VERSION", "value": "1"}}}}}}}}
	var is map[string]any
	if err := yaml.Unmarshal([]byte(got), &is); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
}

func TestWhoseAnObjectIs(t *testing.T) {
	for _, tt := range []struct {
		kind, metadata string
		theirs         bool
	}{
		{"Pod", `{"name": "a", "namespace": "shop"}`, true},
		{"Pod", `{"name": "a", "namespace": "default"}`, true},
		{"Pod", `{"name": "a", "namespace": "kube-system"}`, false},
		{"Pod", `{"name": "a", "namespace": "shop", "ownerReferences": [{"kind": "ReplicaSet"}]}`, false},
		{"Namespace", `{"name": "shop"}`, true},
		{"Namespace", `{"name": "default"}`, false},
		{"Namespace", `{"name": "kube-system"}`, false},
		{"ConfigMap", `{"name": "kube-root-ca.crt", "namespace": "shop"}`, false},
		{"Secret", `{"name": "order-secret", "namespace": "shop"}`, true},
		{"ServiceAccount", `{"name": "default", "namespace": "shop"}`, false},
		{"Service", `{"name": "kubernetes", "namespace": "default"}`, false},
	} {
		got, err := resource{"", "v1", tt.kind}.document([]byte(`{"metadata": ` + tt.metadata + `}`))
		if err != nil || (got != "") != tt.theirs {
			t.Errorf("%s %s: %q, %v", tt.kind, tt.metadata, got, err)
		}
	}
}

// What only the learner's cluster could give is not asked of another.
func TestWhatAClusterGivesIsLeftOut(t *testing.T) {
	for kind, tt := range map[string]struct{ spec, want string }{
		"Service":               {`{"type": "NodePort", "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]}`, `{"type":"NodePort"}`},
		"PersistentVolumeClaim": {`{"volumeName": "pv", "accessModes": []}`, `{"accessModes":[]}`},
		"Pod": {`{"nodeName": "n", "volumes": [{"name": "kube-api-access-x"}, {"name": "v"}], "containers": [{"volumeMounts": [{"name": "kube-api-access-x"}]}]}`,
			`{"containers":[{"volumeMounts":null}],"volumes":[{"name":"v"}]}`},
	} {
		var spec map[string]any
		if err := json.Unmarshal([]byte(tt.spec), &spec); err != nil {
			t.Fatal(err)
		}
		resource{kind: kind}.cleanSpec(spec)
		if got, _ := json.Marshal(spec); string(got) != tt.want {
			t.Errorf("%s: %s, want %s", kind, got, tt.want)
		}
	}
}

func TestWhereAnObjectIs(t *testing.T) {
	for want, r := range map[string]resource{
		"/api/v1/namespaces/shop":                         {"/api/v1/namespaces", "v1", "Namespace"},
		"/apis/apps/v1/namespaces/shop/deployments/order": {"/apis/apps/v1/deployments", "apps/v1", "Deployment"},
	} {
		name := "order"
		if r.kind == "Namespace" {
			name = "shop"
		}
		if got := r.one("shop", name); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
