package kube

import (
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
		 "status": {"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}}]}`
)

func shopObjects() map[string]string {
	return map[string]string{
		"/apis/apps/v1/namespaces/shop/deployments/order":        deployment,
		"/apis/apps/v1/namespaces/shop/replicasets":              replicaSets,
		"/api/v1/namespaces/shop/pods":                           pods,
		"/api/v1/namespaces/shop/pods/order-1-a":                 "{}",
		"/api/v1/namespaces/shop":                                `{"metadata": {"name": "shop"}}`,
		"/api/v1/nodes/worker":                                   "{}",
		"/api/v1/namespaces/shop/configmaps/order-config":        "{}",
		"/api/v1/namespaces/shop/secrets":                        `{"items": [{"metadata": {"name": "s"}, "data": {"KEY": "dGhpbWJsZQ=="}}]}`,
		"/api/v1/namespaces/shop/services/order:80/proxy/orders": `{"pod": "order-1-a"}`,
		"/api/v1/namespaces/shop/pods/order-1-a:8080/proxy/hang": "",
		"/api/v1/namespaces/shop/services/order":                 `{"spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}}`,
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
	if !k.HasNamespace("shop") || k.HasNamespace("none") {
		t.Error("the namespaces are others")
	}
	if secrets := k.Secrets("shop"); len(secrets) != 1 || string(secrets[0].Data["KEY"]) != "thimble" {
		t.Errorf("the secrets are %v", secrets)
	}
	if s := k.Service("shop", "order"); s == nil || s.Spec.Ports[0].NodePort != 30080 {
		t.Errorf("the service is %+v", s)
	}
	answer, err := k.AskService("shop", "order", 80, "/orders")
	var output struct{ Pod string }
	if err != nil || answer.Status != 200 || !answer.JSON(&output) || output.Pod != "order-1-a" {
		t.Errorf("the service answers %v %v", answer, err)
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
		k.Evict("shop", pod)
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
		"PATCH " + rollout + " " + annotate(`"a check"`),
		"PATCH " + config + ` {"data":{"GREETING":"new"}}`, "PATCH " + config + ` {"data":{"GREETING":"old"}}`,
		"PATCH " + rollout + " " + annotate("null"),
		"DELETE /api/v1/namespaces/shop/pods/order-1-a",
	}
	if diff := cmp.Diff(want, server.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["cluster of nobody"] = func(c *check.C) { Open(c) }
	checktest.Subjects["bare pod is taken away"] = func(c *check.C) {
		k := Open(c)
		k.DeletePod("shop", k.Pods("shop", nil)[1])
	}
	checktest.Subjects["waits in vain"] = func(c *check.C) {
		k := Open(c)
		k.Await(200*time.Millisecond, func() *check.Finding { return &check.Finding{Say: "It does not come."} })
	}
	checktest.Subjects["no node port"] = func(c *check.C) { OpenNodePort(c, 30080) }
}

func TestKubeSays(t *testing.T) {
	newCluster(t, shopObjects())
	for subject, want := range map[string]labs.Verdict{
		"bare pod is taken away": labs.CouldNotCheck, "waits in vain": labs.NotYet, "no node port": labs.CouldNotCheck,
	} {
		if got := checktest.Result(t, subject); got.Verdict != want || got.Say == "" {
			t.Errorf("%s: %+v, want %s", subject, got, want)
		}
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
