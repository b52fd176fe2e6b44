//go:build lab

package checks

import (
	"fmt"
	"slices"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// restricted sees that the containers of a Deployment have no rights that the
// shop's programs do not need.
func (s *shop) restricted(name string) {
	s.Helper()
	spec := s.deployment(name).Spec.Template.Spec
	for _, c := range spec.Containers {
		if missing := loose(c.Security, spec.Security); missing != "" {
			s.NotYet(check.Finding{Say: fmt.Sprintf("A setting of the securityContext is missing in the container of %s.", name), Got: fmt.Sprintf("%s is not set", missing),
				Want: missing, At: name + ".yaml", Next: "Copy the securityContext from the Pod into the container of the template, and apply the file."})
		}
	}
}

// loose is what a container's securityContext leaves open, or nothing; of the pod
// it has what it does not say itself.
func loose(c, pod *kube.SecurityContext) string {
	if c == nil {
		c = &kube.SecurityContext{}
	}
	if pod == nil {
		pod = &kube.SecurityContext{}
	}
	nonRoot, seccomp := c.NonRoot, c.Seccomp.Type
	if nonRoot == nil {
		nonRoot = pod.NonRoot
	}
	if seccomp == "" {
		seccomp = pod.Seccomp.Type
	}
	switch {
	case nonRoot == nil || !*nonRoot:
		return "runAsNonRoot: true"
	case c.Escalation == nil || *c.Escalation:
		return "allowPrivilegeEscalation: false"
	case c.ReadOnly == nil || !*c.ReadOnly:
		return "readOnlyRootFilesystem: true"
	case !slices.Contains(c.Capabilities.Drop, "ALL"):
		return "capabilities: {drop: [ALL]}"
	case seccomp != "RuntimeDefault":
		return "seccompProfile: {type: RuntimeDefault}"
	}
	return ""
}
