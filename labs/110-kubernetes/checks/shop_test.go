//go:build lab

// Package checks looks whether the shop runs in the cluster as the steps ask
// for: what the API server tells of it, and what it answers.
package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

const (
	namespace = "shop"
	inside    = 8080  // where each service listens in its container
	nodePort  = 30080 // where the gateway is reached from outside

	image = "cnalab/fixtures:1" // the one image that there is
)

// How long the cluster may take for what a step asks for.
const (
	warm   = 5 * time.Second  // a pod that runs takes requests
	soon   = 15 * time.Second // who answers changes
	starts = 40 * time.Second // pods start, or roll out

	rollout = 40 * time.Second // all pods are rolled out anew while customers come
)

// shop is the cluster as these checks see it.
type shop struct {
	*check.C
	kube *kube.Client
}

func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return &shop{C: c, kube: kube.Open(c)}
}

// answer is what a service answers.
type answer struct {
	Service, Pod, Version, Greeting, PaymentKey, Error string
}

// paths is what each service answers to.
var paths = map[string]string{"order": "/orders", "product": "/products", "gateway": "/"}

// deployment gets the Deployment that should be there.
func (s *shop) deployment(name string) *kube.Deployment {
	s.Helper()
	if d := s.kube.Deployment(namespace, name); d != nil {
		return d
	}
	f := check.Finding{Say: fmt.Sprintf("There is no Deployment named %s in the namespace shop.", name), Got: "nothing of that name",
		Want: fmt.Sprintf("a Deployment %s", name), At: name + ".yaml", Next: fmt.Sprintf("Write it, and apply it: kubectl apply -f %s.yaml", name)}
	for _, p := range s.kube.Pods(namespace, nil) {
		if len(p.Metadata.Owners) == 0 && (p.Metadata.Name == name || p.Metadata.Labels["app"] == name) {
			f.Got = "a bare Pod, " + p.Metadata.Name
			f.Next = "Put the Pod's metadata and spec below template in a Deployment: nothing replaces a bare Pod."
		}
	}
	s.NotYet(f)
	return nil
}

// running waits until a Deployment is as it is asked to be, and returns its pods.
func (s *shop) running(name string) []kube.Pod {
	s.Helper()
	var pods []kube.Pod
	s.kube.Await(starts, func() *check.Finding {
		d := s.deployment(name)
		if d.Spec.Replicas == 0 {
			return &check.Finding{Say: fmt.Sprintf("The Deployment %s asks for no pods.", name), Got: "replicas: 0", Want: "replicas: 1 or more", At: name + ".yaml"}
		}
		s.hasImage(d)
		pods = s.kube.PodsOf(namespace, d)
		if !d.Settled() || len(pods) != d.Spec.Replicas || slices.ContainsFunc(pods, unready) {
			return &check.Finding{Say: fmt.Sprintf("Not all pods of the Deployment %s are ready.", name), Got: kube.States(pods),
				Want: fmt.Sprintf("%d ready, all of the newest version", d.Spec.Replicas), At: name + ".yaml",
				Next: fmt.Sprintf("See why: kubectl describe pods -n shop -l app=%s", name)}
		}
		return nil
	})
	return pods
}

// hasImage ends the check as not yet where a Deployment wants an image that
// cannot be had: no wait helps.
func (s *shop) hasImage(d *kube.Deployment) {
	s.Helper()
	name := d.Metadata.Name
	for _, c := range d.Spec.Template.Spec.Containers {
		if !isImage(c.Image) {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The Deployment %s has an image that does not exist.", name), Got: c.Image, Want: image,
				Next: fmt.Sprintf("Roll the command back, or correct the file: kubectl rollout undo deployment/%s -n shop", name)})
		}
	}
}

// isImage reports whether the name is that of the one image.
func isImage(name string) bool { return strings.TrimPrefix(name, "docker.io/") == image }

func unready(p kube.Pod) bool { return !p.Ready() }

// works waits until each pod answers as the named service does.
func (s *shop) works(name string, pods []kube.Pod) {
	s.Helper()
	s.kube.Await(soon, func() *check.Finding {
		for _, p := range pods {
			got, err := s.kube.AskPod(namespace, p.Metadata.Name, inside, http.MethodGet, paths[name])
			var a answer
			if err != nil || !got.JSON(&a) || a.Service != name {
				return &check.Finding{Say: fmt.Sprintf("A pod of %s does not give the answer of the service %s.", name, name), Got: said(got, err),
					Want: fmt.Sprintf(`"service": "%s" to GET %s`, name, paths[name]), At: name + ".yaml",
					Next: fmt.Sprintf("Look at its log, and at image, args and port: kubectl logs -n shop %s", p.Metadata.Name)}
			}
		}
		return nil
	})
}

// said is an answer, or why there was none.
func said(got kube.Answer, err error) string {
	if err != nil {
		return err.Error()
	}
	return got.String()
}

// others are the pods that are not among the old ones.
func others(pods, old []kube.Pod) []kube.Pod {
	return slices.DeleteFunc(slices.Clone(pods), func(p kube.Pod) bool {
		return slices.ContainsFunc(old, func(o kube.Pod) bool { return o.Metadata.UID == p.Metadata.UID })
	})
}

func names(pods []kube.Pod) []string {
	var all []string
	for _, p := range pods {
		all = append(all, p.Metadata.Name)
	}
	slices.Sort(all)
	return all
}
