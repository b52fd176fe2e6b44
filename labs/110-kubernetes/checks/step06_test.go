//go:build lab

package checks

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

const (
	burnt      = "kite-7-lantern" // the payment key that stood in the open
	configName = "order-config"
	secretName = "order-secret"
)

// The greeting comes from the ConfigMap, and follows it.
func TestStep06_TheGreetingComesFromTheConfigMap(t *testing.T) {
	s := open(t)
	old, ok := s.config()["GREETING"]
	if !ok || old == "" {
		s.NotYet(check.Finding{Say: "There is no ConfigMap order-config with a GREETING in the namespace shop.", Want: "GREETING in order-config",
			At: "config.yaml", Next: "Write it, and apply it before order.yaml."})
	}
	pods := s.running("order")
	s.greets(pods, old)
	fresh := "Hello " + strings.ToLower(rand.Text()[:8])
	s.kube.AtEnd(func(k *kube.Client) { (&shop{s.C, k}).renew(fresh) }) // after the ConfigMap is as it was
	s.kube.SetConfig(namespace, configName, "GREETING", fresh, old)
	s.kube.DeletePod(namespace, pods[0])
	s.comesBack(pods, pods[:1], "was deleted")
	s.greets(others(s.running("order"), pods), fresh)
}

// greets waits until the pods greet so.
func (s *shop) greets(pods []kube.Pod, want string) {
	s.Helper()
	for _, p := range pods {
		s.kube.Await(soon, func() *check.Finding {
			if a, got := s.about(p); a.Greeting != want {
				return &check.Finding{Say: "A pod of order does not greet as the ConfigMap says.", Got: got, Want: `"greeting": "` + want + `"`, At: "order.yaml",
					Next: "Take GREETING from the ConfigMap order-config, not from a value in order.yaml; start the pods again after a change."}
			}
			return nil
		})
	}
}

// renew takes away the pods that have read what the check wrote.
func (s *shop) renew(greeting string) {
	for _, p := range s.kube.PodsOf(namespace, s.deployment("order")) {
		if a, _ := s.about(p); a.Greeting == greeting {
			s.kube.DeletePod(namespace, p)
		}
	}
}

func (s *shop) about(p kube.Pod) (answer, string) {
	s.Helper()
	got, err := s.kube.AskPod(namespace, p.Metadata.Name, inside, http.MethodGet, "/about")
	var a answer
	if err == nil {
		got.JSON(&a)
	}
	return a, said(got, err)
}

func (s *shop) config() map[string]string {
	s.Helper()
	for _, m := range s.kube.ConfigMaps(namespace) {
		if m.Metadata.Name == configName {
			return m.Data
		}
	}
	return nil
}

// The payment key is in the Secret, is a new one, and order has it.
func TestStep06_ThePaymentKeyComesFromTheSecret(t *testing.T) {
	s := open(t)
	key := s.key()
	if key == burnt {
		s.NotYet(check.Finding{Say: "The Secret holds the key that stood in order.yaml for all to read.", Got: "the old key", Want: "a new one",
			Next: "Make up another; what was in the open once is no secret any more."})
	}
	sum := sha256.Sum256([]byte(key))
	want := hex.EncodeToString(sum[:6])
	for _, p := range s.running("order") {
		s.kube.Await(soon, func() *check.Finding {
			if a, got := s.about(p); a.PaymentKey != want {
				return &check.Finding{Say: "A pod of order does not have the payment key of the Secret.", Got: got, Want: `"paymentKey": "` + want + `", its fingerprint`,
					At: "order.yaml", Next: "Take PAYMENT_KEY from the Secret order-secret, and apply order.yaml."}
			}
			return nil
		})
	}
}

// key is the payment key of the Secret.
func (s *shop) key() string {
	s.Helper()
	for _, m := range s.kube.Secrets(namespace) {
		if key := string(m.Data["PAYMENT_KEY"]); m.Metadata.Name == secretName && key != "" {
			return key
		}
	}
	s.NotYet(check.Finding{Say: "There is no Secret order-secret with a PAYMENT_KEY in the namespace shop.", Want: "PAYMENT_KEY in order-secret",
		Next: "Make it: kubectl create secret generic order-secret -n shop --from-literal=PAYMENT_KEY=…"})
	return ""
}

// The payment key stands nowhere in the open.
func TestStep06_ThePaymentKeyIsNotInTheOpen(t *testing.T) {
	s := open(t)
	for _, key := range []string{s.key(), burnt} {
		for _, m := range s.kube.ConfigMaps(namespace) {
			for _, value := range m.Data {
				s.hidden(key, value, "the ConfigMap "+m.Metadata.Name, "config.yaml")
			}
		}
		for _, c := range s.deployment("order").Spec.Template.Spec.Containers {
			for _, v := range c.Env {
				s.hidden(key, v.Value, "the Deployment order, as a plain value", "order.yaml")
			}
		}
		for name, text := range s.files() {
			s.hidden(key, text, name, name)
			s.hidden(base64.StdEncoding.EncodeToString([]byte(key)), text, name+", where base64 hides nothing", name)
		}
	}
}

func (s *shop) hidden(key, text, where, at string) {
	s.Helper()
	if strings.Contains(text, key) {
		s.NotYet(check.Finding{Say: "A payment key stands in " + where + ", where everybody can read it.", Want: "only in the Secret", At: at,
			Next: "Take it out there, and let order have it by secretRef or secretKeyRef."})
	}
}

// Each pod of order says what it needs, and gets no more than it may.
func TestStep06_PodsOfOrderHaveRequestsAndLimits(t *testing.T) {
	s := open(t)
	for _, p := range s.running("order") {
		for _, c := range p.Spec.Containers {
			for _, resource := range []string{"cpu", "memory"} {
				if none(c.Resources.Requests[resource]) || none(c.Resources.Limits[resource]) {
					s.NotYet(check.Finding{Say: "A pod of order has no request or no limit for " + resource + ".",
						Got: fmt.Sprintf("requests %v, limits %v", c.Resources.Requests, c.Resources.Limits), Want: "both, for cpu and memory, and above 0", At: "order.yaml",
						Next: "Add resources to the container; a pod that runs already keeps what it has until it is replaced."})
				}
			}
		}
	}
}

// none reports whether a quantity is missing, or 0, which the API server writes
// so whatever its unit was.
func none(quantity string) bool { return quantity == "" || quantity == "0" }

// files are the texts of the workspace, in all its folders.
func (s *shop) files() map[string]string {
	s.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS(s.Workspace()), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(s.Workspace(), filepath.FromSlash(name)))
		texts[name] = string(text)
		return err
	})
	s.Must(err, "The files of the workspace cannot be read.")
	return texts
}
