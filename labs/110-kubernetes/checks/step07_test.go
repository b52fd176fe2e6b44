//go:build lab

package checks

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

const (
	burnt      = "kite-7-lantern" // the payment key that stood in the open
	example    = "YOUR-NEW-KEY"   // what the text has in its place
	shortest   = 8                // letters of a key that does not stand in every text by chance
	configName = "order-config"
	secretName = "order-secret"
)

// The greeting comes from the ConfigMap, and changes with it.
func TestStep07_TheGreetingComesFromTheConfigMap(t *testing.T) {
	s := open(t)
	old := s.greeting()
	s.written("ConfigMap", configName)
	pods := s.running("order")
	s.greets(pods, old)
	fresh := "Hello " + strings.ToLower(rand.Text()[:8])
	s.renewAtEnd(func(a answer) bool { return a.Greeting == fresh }) // after the ConfigMap is as it was
	s.kube.SetConfig(namespace, configName, "GREETING", fresh, old)
	s.greets(s.replaced(pods), fresh)
}

// replaced deletes one of the pods, and waits for those that come in its place.
func (s *shop) replaced(pods []kube.Pod) []kube.Pod {
	s.Helper()
	s.kube.DeletePod(namespace, pods[0])
	s.comesBack(pods, pods[:1])
	return others(s.running("order"), pods)
}

// greets waits until the pods greet so.
func (s *shop) greets(pods []kube.Pod, want string) {
	s.Helper()
	for _, p := range pods {
		s.kube.Await(soon, func() *check.Finding {
			if a, got := s.about(p); a.Greeting != want {
				return &check.Finding{Say: "A pod of order does not greet as the ConfigMap says.", Got: got, Want: fmt.Sprintf(`"greeting": "%s"`, want), At: "order.yaml",
					Next: "Take GREETING from the ConfigMap order-config, not from a value in order.yaml. If the ConfigMap has changed since, the pod still has the old greeting: kubectl rollout restart deployment/order -n shop"}
			}
			return nil
		})
	}
}

// renewAtEnd takes away, when the check ends, the pods that have read what it
// wrote.
func (s *shop) renewAtEnd(has func(answer) bool) {
	s.kube.AtEnd(func(k *kube.Client) {
		s := &shop{s.C, k}
		for _, p := range k.PodsOf(namespace, s.deployment("order")) {
			if a, _ := s.about(p); has(a) {
				k.DeletePod(namespace, p)
			}
		}
	})
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

// greeting is that of the ConfigMap.
func (s *shop) greeting() string {
	s.Helper()
	for _, m := range s.kube.ConfigMaps(namespace) {
		if m.Metadata.Name != configName || m.Data["GREETING"] == "" {
			continue
		}
		s.changes(m.Immutable, "ConfigMap", configName)
		return m.Data["GREETING"]
	}
	s.NotYet(check.Finding{Say: "There is no ConfigMap order-config with a GREETING in the namespace shop.", Want: "GREETING in order-config",
		At: "config.yaml", Next: "Write it, and apply it before order.yaml."})
	return ""
}

// changes ends the check as not yet where a setting can be changed no more.
func (s *shop) changes(immutable bool, kind, name string) {
	s.Helper()
	if immutable {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The %s %s cannot be changed any more.", kind, name), Got: "immutable: true", Want: "a setting that can be changed",
			Next: fmt.Sprintf("Delete it, and make it again without immutable: kubectl delete %s %s -n shop", strings.ToLower(kind), name)})
	}
}

// The payment key is a new one, and order has it from the Secret.
func TestStep07_ThePaymentKeyComesFromTheSecret(t *testing.T) {
	s := open(t)
	key := s.key()
	if strings.Contains(strings.ToLower(key), burnt) || strings.TrimSpace(key) == example {
		s.NotYet(check.Finding{Say: "The payment key of the Secret is one that others have already seen.", Got: strings.TrimSpace(key), Want: "a new one",
			Next: "Make up another key. First delete the Secret: kubectl delete secret order-secret -n shop, then create it with the new key, and start the pods again: kubectl rollout restart deployment/order -n shop"})
	}
	pods := s.running("order")
	s.pays(pods, key)
	fresh := "check-" + strings.ToLower(rand.Text()[:12])
	s.renewAtEnd(func(a answer) bool { return a.PaymentKey == fingerprint(fresh) })
	s.kube.SetSecret(namespace, secretName, "PAYMENT_KEY", fresh, key)
	s.pays(s.replaced(pods), fresh)
}

// pays waits until the pods have the payment key.
func (s *shop) pays(pods []kube.Pod, key string) {
	s.Helper()
	for _, p := range pods {
		s.kube.Await(soon, func() *check.Finding {
			if a, got := s.about(p); a.PaymentKey != fingerprint(key) {
				return &check.Finding{Say: "A pod of order does not have the payment key of the Secret.", Got: got,
					Want: fmt.Sprintf(`"paymentKey": %q, its fingerprint`, fingerprint(key)), At: "order.yaml",
					Next: "Take PAYMENT_KEY from the Secret order-secret, and apply order.yaml. If the Secret has changed since, the pod still has the old key: kubectl rollout restart deployment/order -n shop"}
			}
			return nil
		})
	}
}

// fingerprint is what order shows of its key.
func fingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:6])
}

// key is the payment key of the Secret.
func (s *shop) key() string {
	s.Helper()
	for _, m := range s.kube.Secrets(namespace) {
		key := string(m.Data["PAYMENT_KEY"])
		if m.Metadata.Name != secretName || key == "" {
			continue
		}
		s.changes(m.Immutable, "Secret", secretName)
		if len(strings.TrimSpace(key)) < shortest {
			s.NotYet(check.Finding{Say: "The payment key is so short that anybody can guess it.", Got: fmt.Sprintf("%d letters", len(strings.TrimSpace(key))),
				Want: fmt.Sprintf("%d or more", shortest), Next: "Make up a longer key. First delete the Secret: kubectl delete secret order-secret -n shop, then create it with the new key, and start the pods again: kubectl rollout restart deployment/order -n shop"})
		}
		return key
	}
	s.NotYet(check.Finding{Say: "There is no Secret order-secret with a PAYMENT_KEY in the namespace shop.", Want: "PAYMENT_KEY in order-secret",
		Next: "Make it: kubectl create secret generic order-secret -n shop --from-literal=PAYMENT_KEY=…"})
	return ""
}

// The payment key is only in the Secret.
func TestStep07_ThePaymentKeyIsNotInTheOpen(t *testing.T) {
	s := open(t)
	for _, key := range []string{strings.TrimSpace(s.key()), burnt} {
		for _, m := range s.kube.ConfigMaps(namespace) {
			for _, value := range m.Data {
				s.notInConfigMap(key, value, m.Metadata.Name)
			}
			for _, value := range m.Binary {
				s.notInConfigMap(key, string(value), m.Metadata.Name)
			}
		}
		for name, spec := range s.kube.Specs(namespace) {
			if strings.Contains(spec, key) {
				s.NotYet(check.Finding{Say: fmt.Sprintf("A payment key is a plain value in the Deployment %s, where everybody can read it.", name), Got: "the key as a value",
					Want: "only in the Secret", At: name + ".yaml", Next: "Remove it there, and let the container have it from the Secret, by secretRef or secretKeyRef."})
			}
		}
		for name, text := range s.files() {
			s.notInFile(key, text, name)
		}
	}
}

func (s *shop) notInConfigMap(key, value, name string) {
	s.Helper()
	if strings.Contains(value, key) {
		s.NotYet(check.Finding{Say: fmt.Sprintf("A payment key is in the ConfigMap %s, where everybody can read it.", name), Got: "the key as a value",
			Want: "only in the Secret", At: "config.yaml", Next: "Remove it there, and let the container have it from the Secret, by secretRef or secretKeyRef."})
	}
}

// notInFile sees that a file holds no key, not even in base64.
func (s *shop) notInFile(key, text, name string) {
	s.Helper()
	f := check.Finding{Say: fmt.Sprintf("A payment key is in the file %s, where everybody can read it.", name), Got: "the key itself", Want: "only in the Secret", At: name,
		Next: "Remove it from the file. The container has it from the Secret, by secretRef or secretKeyRef."}
	if isSecret(text) {
		f.Next = "Delete the file, and make the Secret by a command: kubectl create secret generic order-secret -n shop --from-literal=PAYMENT_KEY=…"
	}
	if strings.Contains(text, key) {
		s.NotYet(f)
	}
	for _, code := range encoded(key) {
		if strings.Contains(text, code) {
			f.Say, f.Got = fmt.Sprintf("A payment key is in the file %s in base64, which hides nothing.", name), "the key in base64"
			s.NotYet(f)
		}
	}
}

// encoded is how the key looks in base64, whatever stands before and behind it.
func encoded(key string) (all []string) {
	for before := range 3 {
		rest := key[before:]
		all = append(all, base64.StdEncoding.EncodeToString([]byte(rest[:len(rest)/3*3])))
	}
	return all
}
