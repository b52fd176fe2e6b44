package kube

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// cluster is an API server of a few objects, which wants a client certificate.
type cluster struct {
	*httptest.Server
	mutex   sync.Mutex
	objects map[string]string // path to JSON
	asked   []string          // what changed something: method, path and body
	busy    int               // so many requests are not answered
	would   string            // what a manifest would make of an object
	budget  bool              // a PodDisruptionBudget refuses evictions
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(r.TLS.PeerCertificates) == 0 {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"code": 401, "message": "Unauthorized"}`)
		return
	}
	if r.Method != http.MethodGet {
		body, _ := io.ReadAll(r.Body)
		c.asked = append(c.asked, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+string(body)))
	}
	object, ok := c.objects[r.URL.Path]
	switch {
	case c.busy > 0:
		c.busy--
		w.WriteHeader(http.StatusServiceUnavailable)
		object = `{"code": 503, "message": "busy"}`
	case r.Method == http.MethodPut && r.URL.RawQuery == "dryRun=All":
		object = c.would
	case c.budget && strings.HasSuffix(r.URL.Path, "/eviction"):
		w.WriteHeader(http.StatusTooManyRequests)
		object = `{"code": 429, "message": "Cannot evict pod", "details": {"causes": [{"reason": "DisruptionBudget"}]}}`
	case strings.HasSuffix(r.URL.Path, "/eviction"), r.URL.Path == "/version":
		object = "{}"
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		object = `{"code": 404, "message": "not found"}`
	}
	fmt.Fprint(w, object)
}

// newCluster starts an API server, and lets KUBECONFIG lead to it.
func newCluster(t *testing.T, objects map[string]string) *cluster {
	t.Helper()
	c := &cluster{objects: objects}
	c.Server = httptest.NewUnstartedServer(c)
	c.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	c.StartTLS()
	t.Cleanup(c.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate().Raw})
	certificate, key := selfSigned(t)
	config := fmt.Sprintf(`current-context: kind-shop
contexts:
- {name: other, context: {cluster: other, user: other}}
- {name: kind-shop, context: {cluster: kind-shop, user: kind-shop}}
clusters:
- {name: kind-shop, cluster: {server: %q, certificate-authority-data: %s}}
users:
- {name: kind-shop, user: {client-certificate-data: %s, client-key-data: %s}}
`, c.URL, b64(authority), b64(certificate), b64(key))
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(labs.EnvKube, file)
	return c
}

func b64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded})
}

const (
	deployment = `{"metadata": {"name": "order", "uid": "d1", "generation": 2, "annotations": {"deployment.kubernetes.io/revision": "3"}},
		"spec": {"replicas": 1, "selector": {"matchLabels": {"app": "order"}}}, "status": {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}}`
	replicaSets = `{"items": [{"metadata": {"name": "order-1", "uid": "r1", "ownerReferences": [{"uid": "d1", "controller": true}]}},
		{"metadata": {"name": "other-1", "uid": "r2", "ownerReferences": [{"uid": "d2", "controller": true}]}}]}`
	pods = `{"items": [
		{"metadata": {"name": "order-1-a", "uid": "p1", "labels": {"app": "order"}, "ownerReferences": [{"uid": "r1", "controller": true}]},
		 "spec": {"nodeName": "worker", "containers": [{"image": "i"}]}, "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}},
		{"metadata": {"name": "order-1-b", "uid": "p2", "labels": {"app": "order"}, "deletionTimestamp": "2026-11-27T22:00:00Z", "ownerReferences": [{"uid": "r1", "controller": true}]}},
		{"metadata": {"name": "bare", "uid": "p3", "labels": {"app": "order"}},
		 "status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False"}], "containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}}]}`
)

func shopObjects() map[string]string {
	return map[string]string{
		"/apis/apps/v1/namespaces/shop/deployments/order":          deployment,
		"/apis/apps/v1/namespaces/shop/deployments":                `{"items": [` + deployment + `]}`,
		"/apis/apps/v1/namespaces/shop/replicasets":                replicaSets,
		"/api/v1/namespaces/shop/pods":                             pods,
		"/api/v1/namespaces/shop/pods/order-1-a":                   "{}",
		"/api/v1/namespaces/shop":                                  `{"metadata": {"name": "shop"}}`,
		"/api/v1/nodes/worker":                                     "{}",
		"/api/v1/namespaces/shop/configmaps/order-config":          "{}",
		"/api/v1/namespaces/shop/secrets":                          `{"items": [{"metadata": {"name": "s"}, "data": {"KEY": "dGhpbWJsZQ=="}}]}`,
		"/api/v1/namespaces/shop/pods/order-1-a:8080/proxy/orders": `{"pod": "order-1-a"}`,
		"/api/v1/namespaces/shop/pods/order-1-a:8080/proxy/hang":   "",
		"/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices": `{"items": [
			{"metadata": {"labels": {"kubernetes.io/service-name": "order"}}, "endpoints": [{"targetRef": {"name": "b"}}, {"conditions": {"ready": true}, "targetRef": {"name": "a"}}, {"conditions": {"ready": false}, "targetRef": {"name": "c"}}]},
			{"metadata": {"labels": {"kubernetes.io/service-name": "other"}}, "endpoints": [{"targetRef": {"name": "d"}}]}]}`,
		"/api/v1/namespaces/shop/services/order": `{"spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}}`,
	}
}

func TestKubeReads(t *testing.T) {
	newCluster(t, shopObjects())
	k := Open(check.New(t))
	d := k.Deployment("shop", "order")
	if d == nil || !d.Settled() || d.Metadata.Revision() != "3" {
		t.Fatalf("the Deployment is %+v", d)
	}
	if none := k.Deployment("shop", "none"); none != nil {
		t.Errorf("a Deployment that is not there is %+v", none)
	}
	if of := k.PodsOf("shop", d); len(of) != 1 || !of[0].Ready() || of[0].Spec.NodeName != "worker" || of[0].Spec.Containers[0].Image != "i" {
		t.Errorf("its pods are %+v", of)
	}
	if got, want := States(k.Pods("shop", nil)), "order-1-a Running, bare ImagePullBackOff"; got != want {
		t.Errorf("the pods are %s, want %s", got, want)
	}
	if leaving := k.Leaving("shop"); len(leaving) != 1 || leaving[0].Metadata.Name != "order-1-b" {
		t.Errorf("%+v are being taken away", leaving)
	}
	if !k.HasNamespace("shop") || k.HasNamespace("none") {
		t.Error("the namespaces are others")
	}
	if secrets := k.Secrets("shop"); len(secrets) != 1 || string(secrets[0].Data["KEY"]) != "thimble" {
		t.Errorf("the secrets are %v", secrets)
	}
	if s := k.Service("shop", "order"); s == nil || s.PortsText() != "80:30080" {
		t.Errorf("the service is %+v", s)
	}
	if behind := k.Behind("shop", "order"); !slices.Equal(behind, []string{"a", "b"}) {
		t.Errorf("behind the service are %v", behind)
	}
	if all := k.Pods("shop", nil); all[0].Unschedulable() || !all[1].Unschedulable() {
		t.Errorf("of %+v not the second waits for a node", all)
	}
	if d.Spec.Selector.Asks("none") || !d.Spec.Selector.Asks("app") {
		t.Errorf("the selector is %+v", d.Spec.Selector)
	}
	if specs := k.Specs("shop"); !strings.Contains(specs["order"], "replicas") {
		t.Errorf("the Deployments ask for %v", specs)
	}
	answer, err := k.AskPod("shop", "order-1-a", 8080, http.MethodGet, "/orders")
	var output struct{ Pod string }
	if err != nil || answer.Status != 200 || !answer.JSON(&output) || output.Pod != "order-1-a" {
		t.Errorf("the pod answers %v %v", answer, err)
	}
}

// TestKubeFaultsHeal breaks all that can be broken, and looks at what was
// asked for in the end.
func TestKubeFaultsHeal(t *testing.T) {
	server := newCluster(t, shopObjects())
	t.Run("a check", func(t *testing.T) {
		k := Open(check.New(t))
		k.AtEnd(func(k *Client) { k.DeletePod("shop", k.Pods("shop", nil)[0]) })
		pod := k.Pods("shop", nil)[0]
		if !k.Evict("shop", pod) {
			t.Error("the pod does not leave")
		}
		uncordon := k.Cordon("worker")
		uncordon()
		uncordon()
		k.Rollout("shop", "order")
		k.SetConfig("shop", "order-config", "GREETING", "new", "old")
	})
	const config, rollout, node = "/api/v1/namespaces/shop/configmaps/order-config", "/apis/apps/v1/namespaces/shop/deployments/order", "/api/v1/nodes/worker"
	annotate := func(v string) string {
		return `{"spec":{"template":{"metadata":{"annotations":{"cnalab/rolled-out-by":` + v + `}}}}}`
	}
	want := []string{
		`POST /api/v1/namespaces/shop/pods/order-1-a/eviction {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"order-1-a","namespace":"shop"}}`,
		"PATCH " + node + ` {"spec":{"unschedulable":true}}`, "PATCH " + node + ` {"spec":{"unschedulable":false}}`,
		"PATCH " + rollout + " " + annotate(`"check"`),
		"PATCH " + config + ` {"data":{"GREETING":"new"}}`, "PATCH " + config + ` {"data":{"GREETING":"old"}}`,
		"PATCH " + rollout + " " + annotate("null"),
		"DELETE /api/v1/namespaces/shop/pods/order-1-a",
	}
	if diff := cmp.Diff(want, server.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestABudgetRefuses(t *testing.T) {
	server := newCluster(t, shopObjects())
	server.objects["/apis/policy/v1/namespaces/shop/poddisruptionbudgets"] = `{"items": [{"metadata": {"name": "order"}, "status": {"expectedPods": 3, "desiredHealthy": 2}}]}`
	server.budget = true
	k := Open(check.New(t))
	if k.Evict("shop", k.Pods("shop", nil)[0]) {
		t.Error("a pod leaves, and its budget says no")
	}
	if all := k.Budgets("shop"); len(all) != 1 || all[0].Status.Pods != 3 || all[0].Status.Healthy != 2 {
		t.Errorf("the budgets are %+v", all)
	}
	if p := (&Probe{Period: 5, Failures: 3}); p.GivesUp() != 15*time.Second {
		t.Errorf("a probe gives up after %s", p.GivesUp())
	}
}

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	retryLimit = 300 * time.Millisecond
	checktest.Subjects["cluster of nobody"] = func(c *check.C) { Open(c) }
	checktest.Subjects["bare pod is taken away"] = func(c *check.C) {
		k := Open(c)
		k.DeletePod("shop", k.Pods("shop", nil)[1])
	}
	checktest.Subjects["waits in vain"] = func(c *check.C) {
		k := Open(c)
		k.Await(200*time.Millisecond, func() *check.Finding { return &check.Finding{Say: "It does not come."} })
	}
	checktest.Subjects["waits for a controller that is away"] = func(c *check.C) {
		k := Open(c)
		ctx, cancel := context.WithTimeout(c.Context, 4*time.Second)
		defer cancel()
		c.Context = ctx
		k.Await(200*time.Millisecond, func() *check.Finding { return &check.Finding{Say: "It does not come either."} })
	}
	checktest.Subjects["no node port"] = func(c *check.C) { OpenNodePort(c, 30080) }
}

func TestKubeSays(t *testing.T) {
	newCluster(t, shopObjects())
	for subject, want := range map[string]labs.Verdict{
		"bare pod is taken away": labs.CouldNotCheck, "waits in vain": labs.NotYet, "no node port": labs.CouldNotCheck,
		"waits for a controller that is away": labs.NotYet,
	} {
		if got := checktest.Result(t, subject); got.Verdict != want || got.Say == "" {
			t.Errorf("%s: %+v, want %s", subject, got, want)
		}
	}
}

// TestKubeAway shows that what a controller would have done is not held against
// the work while that is away.
func TestKubeAway(t *testing.T) {
	heartbeat := func(acquired, renewed string) string {
		return fmt.Sprintf(`{"items": [{"spec": {"leaseDurationSeconds": 15, "acquireTime": %q, "renewTime": %q}}]}`, acquired, renewed)
	}
	const long, before, now = "2026-11-27T20:00:00.000001Z", "2026-11-27T22:00:00.000001Z", "2026-11-27T22:00:16.000001Z"
	for name, test := range map[string]struct {
		controller string
		away       bool
	}{"works": {heartbeat(long, now), false}, "is silent": {heartbeat(long, before), true}, "has just begun": {heartbeat(before, now), true}} {
		objects := shopObjects()
		objects["/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"] = test.controller
		objects["/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"] = heartbeat(long, now)
		newCluster(t, objects)
		if got := Open(check.New(t)).Away(20 * time.Second); got != test.away {
			t.Errorf("a controller that %s is away: %v", name, got)
		}
		want := labs.NotYet
		if name == "is silent" {
			want = labs.CouldNotCheck
		} else if test.away {
			continue
		}
		if got := checktest.Result(t, "waits for a controller that is away"); got.Verdict != want {
			t.Errorf("a controller that %s: %+v, want %s", name, got, want)
		}
	}
}

func TestKubeAsksABusyServerAgain(t *testing.T) {
	defer func(before time.Duration) { retryLimit = before }(retryLimit)
	retryLimit = 20 * time.Second
	server := newCluster(t, shopObjects())
	server.busy = 2
	k := Open(check.New(t))
	server.busy = 2
	if !k.HasNamespace("shop") {
		t.Error("the namespace is not there")
	}
}

func TestManifests(t *testing.T) {
	all, err := ReadManifests(`---
# a note
---
kind: List
items:
  - {kind: Deployment, metadata: {name: order}}
---
kind: Service
metadata: {name: order, namespace: shop}
`)
	if err != nil || len(all) != 2 || all[0].Kind != "Deployment" || all[1].Namespace != "shop" {
		t.Fatalf("%+v %v", all, err)
	}
	if _, err := ReadManifests("kind: ["); err == nil {
		t.Error("what is no YAML is read")
	}
}

func TestCompare(t *testing.T) {
	const there = `"replicas": 3, "template": {"metadata": {"annotations": {"restarted": "now"}}, "spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "50m"}}}]}}`
	for name, test := range map[string]struct{ would, field string }{
		"the same":           {`"replicas": 3, "template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "0.05"}}}]}}`, ""},
		"another number":     {`"replicas": 1, "template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "50m"}}}]}}`, "spec.replicas"},
		"less in it":         {`"replicas": 3, "template": {"spec": {"containers": [{"name": "a"}]}}`, "spec.template.spec.containers[0].resources"},
		"none of them":       {`"replicas": 3, "template": {"spec": {"containers": [{"name": "a", "resources": {}}]}}`, "spec.template.spec.containers[0].resources.limits"},
		"another list":       {`"replicas": 3, "template": {"spec": {"containers": []}}`, "spec.template.spec.containers"},
		"more, and another":  {`"more": "x", "replicas": 4, "template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "50m"}}}]}}`, "spec.replicas"},
		"of other resources": {`"replicas": 3, "template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "5m"}}}]}}`, "spec.template.spec.containers[0].resources.limits.cpu"},
	} {
		objects := shopObjects()
		objects["/apis/apps/v1/namespaces/shop/deployments/order"] = `{"spec": {` + there + `}}`
		server := newCluster(t, objects)
		server.would = `{"spec": {` + test.would + `}}`
		manifests, err := ReadManifests("kind: Deployment\nmetadata: {name: order, uid: x}\nstatus: {}\n")
		if err != nil {
			t.Fatal(err)
		}
		got := Open(check.New(t)).Compare("shop", manifests[0])
		if (got == nil) != (test.field == "") || got != nil && got.Field != test.field {
			t.Errorf("%s: %+v, want %q", name, got, test.field)
		}
		if want := `PUT /apis/apps/v1/namespaces/shop/deployments/order {"kind":"Deployment","metadata":{"name":"order","namespace":"shop"}}`; server.asked[0] != want {
			t.Errorf("asked for %s, want %s", server.asked[0], want)
		}
	}
}

// A PodDisruptionBudget is replaced only by who knows its version.
func TestCompareABudget(t *testing.T) {
	objects := shopObjects()
	objects["/apis/policy/v1/namespaces/shop/poddisruptionbudgets/order"] = `{"metadata": {"resourceVersion": "7"}, "spec": {"maxUnavailable": 1}}`
	server := newCluster(t, objects)
	server.would = `{"spec": {"maxUnavailable": 1}}`
	manifests, err := ReadManifests("kind: PodDisruptionBudget\nmetadata: {name: order}\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := Open(check.New(t)).Compare("shop", manifests[0]); got != nil || !strings.Contains(server.asked[0], `"resourceVersion":"7"`) {
		t.Errorf("%+v, asked for %s", got, server.asked)
	}
}

// TestKubeUnreachable shows that what is wrong with the cluster is never held
// against the work.
func TestKubeUnreachable(t *testing.T) {
	unreadable := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(unreadable, []byte("current-context: none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := newCluster(t, nil)
	gone.Close()
	for name, file := range map[string]string{"not told": "", "no file": "/none", "no context": unreadable, "nobody listens": os.Getenv(labs.EnvKube)} {
		t.Setenv(labs.EnvKube, file)
		if got := checktest.Result(t, "cluster of nobody"); got.Verdict != labs.CouldNotCheck || got.Say == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestNodePortAsksAnewEachTime(t *testing.T) {
	var mutex sync.Mutex
	callers := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		callers[r.RemoteAddr] = true
		_ = json.NewEncoder(w).Encode(map[string]string{"method": r.Method})
	}))
	defer server.Close()
	t.Setenv(labs.EnvNodePort(30080), strings.TrimPrefix(server.URL, "http://"))
	port := OpenNodePort(check.New(t), 30080)
	for range 3 {
		if got, err := port.Try(t.Context(), http.MethodPost, "/orders", "lamp"); err != nil || got.Status != 200 || !strings.Contains(got.String(), "POST") {
			t.Errorf("%v %v", got, err)
		}
	}
	if len(callers) != 3 {
		t.Errorf("3 requests came over %d connections", len(callers))
	}
	if _, err := port.Get(time.Second, "/orders"); err != nil {
		t.Error(err)
	}
}
