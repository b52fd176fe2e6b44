package kube

import "time"

// What checks look at of Kubernetes' objects; all other fields are left out.

// ObjectMeta names an object.
type ObjectMeta struct {
	Name        string            `json:"name"`
	UID         string            `json:"uid"`
	Generation  int64             `json:"generation"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Deleted     *time.Time        `json:"deletionTimestamp"`
	Owners      []OwnerReference  `json:"ownerReferences"`
}

// OwnerReference is what an object belongs to.
type OwnerReference struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	UID        string `json:"uid"`
	Controller bool   `json:"controller"`
}

// Node is a machine of the cluster.
type Node struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		Unschedulable bool `json:"unschedulable"`
	} `json:"spec"`
	Status struct {
		Allocatable map[string]string `json:"allocatable"` // what its pods may have
	} `json:"status"`
}

// Pod is a pod.
type Pod struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		PodSpec
		NodeName string `json:"nodeName"`
	} `json:"spec"`
	Status struct {
		Phase      string      `json:"phase"`
		Conditions []Condition `json:"conditions"`
		Containers []struct {
			Restarts int `json:"restartCount"`
			State    struct {
				Waiting *struct{ Reason, Message string } `json:"waiting"`
			} `json:"state"`
		} `json:"containerStatuses"`
	} `json:"status"`
}

// Condition is one thing that is true of an object, or not.
type Condition struct {
	Type   string `json:"type"`
	Status string `json:"status"`
	Reason string `json:"reason"`
}

// PodSpec is what a pod is made of.
type PodSpec struct {
	Containers  []Container      `json:"containers"`
	HostNetwork bool             `json:"hostNetwork"`     // its ports are the node's
	Security    *SecurityContext `json:"securityContext"` // for each container that says nothing else
}

// SecurityContext is what a container may do beside its work.
type SecurityContext struct {
	NonRoot      *bool `json:"runAsNonRoot"`
	Escalation   *bool `json:"allowPrivilegeEscalation"`
	ReadOnly     *bool `json:"readOnlyRootFilesystem"`
	Capabilities struct {
		Drop []string `json:"drop"`
	} `json:"capabilities"`
	Seccomp struct {
		Type string `json:"type"`
	} `json:"seccompProfile"`
}

// Container is one container of a pod.
type Container struct {
	Name  string   `json:"name"`
	Image string   `json:"image"`
	Env   []EnvVar `json:"env"`
	Whole []any    `json:"envFrom"` // all of a ConfigMap or a Secret
	Ports []struct {
		HostPort int `json:"hostPort"` // of the node, where one is opened
	} `json:"ports"`
	Resources struct {
		Requests map[string]string `json:"requests"`
		Limits   map[string]string `json:"limits"`
	} `json:"resources"`
	Readiness *Probe `json:"readinessProbe"`
	Liveness  *Probe `json:"livenessProbe"`
	Startup   *Probe `json:"startupProbe"`
	Lifecycle struct {
		PreStop *struct {
			Sleep *struct {
				Seconds int `json:"seconds"`
			} `json:"sleep"`
		} `json:"preStop"`
	} `json:"lifecycle"`
	Security *SecurityContext `json:"securityContext"`
}

// EnvVar is one variable; its value is empty where it comes from
// elsewhere.
type EnvVar struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  any    `json:"valueFrom"`
}

// Probe is a question that the node asks a container, every so many seconds.
type Probe struct {
	HTTP *struct {
		Path string `json:"path"`
		Port any    `json:"port"` // a number, or the name of one of the container's
	} `json:"httpGet"`
	Period   int `json:"periodSeconds"`
	Failures int `json:"failureThreshold"` // so many in a row are one too many
}

// GivesUp is how long what answers nothing any more is asked before the node
// acts on it.
func (p *Probe) GivesUp() time.Duration { return time.Duration(p.Period*p.Failures) * time.Second }

// Budget is a PodDisruptionBudget: how many of its pods may be evicted at a time.
type Budget struct {
	Metadata ObjectMeta `json:"metadata"`
	Status   struct {
		Observed int64 `json:"observedGeneration"`
		Pods     int   `json:"expectedPods"`
		Healthy  int   `json:"desiredHealthy"` // so many must be left
	} `json:"status"`
}

// Deployment is a Deployment.
type Deployment struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		Replicas int         `json:"replicas"`
		Selector Selector    `json:"selector"`
		Template PodTemplate `json:"template"`
	} `json:"spec"`
	Status struct {
		Observed int64 `json:"observedGeneration"`
		Replicas int   `json:"replicas"`
		Updated  int   `json:"updatedReplicas"`
		Ready    int   `json:"readyReplicas"`
	} `json:"status"`
}

// Selector says by their labels which pods belong to something.
type Selector struct {
	Labels      map[string]string `json:"matchLabels"`
	Expressions []struct {
		Key string `json:"key"`
	} `json:"matchExpressions"`
}

// Asks reports whether the selector asks for a label, by either of its forms.
func (s Selector) Asks(label string) bool {
	for _, e := range s.Expressions {
		if e.Key == label {
			return true
		}
	}
	return s.Labels[label] != ""
}

// PodTemplate is what pods are made from.
type PodTemplate struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     PodSpec    `json:"spec"`
}

// ReplicaSet is one version of a Deployment.
type ReplicaSet struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		Replicas int         `json:"replicas"`
		Template PodTemplate `json:"template"`
	} `json:"spec"`
	Status struct {
		Ready int `json:"readyReplicas"`
	} `json:"status"`
}

// Service is a name for pods.
type Service struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		Type     string            `json:"type"`
		External []string          `json:"externalIPs"`
		Address  string            `json:"clusterIP"` // "None" where it has none
		Selector map[string]string `json:"selector"`
		Affinity string            `json:"sessionAffinity"` // "ClientIP" where who comes again is led to the same pod
		Ports    []struct {
			Port     int `json:"port"`
			NodePort int `json:"nodePort"`
		} `json:"ports"`
	} `json:"spec"`
}

// endpointSlice is what a Service leads to, or a part of it.
type endpointSlice struct {
	Metadata  ObjectMeta `json:"metadata"`
	Endpoints []struct {
		Conditions struct {
			Ready *bool `json:"ready"`
		} `json:"conditions"`
		Target struct {
			Name string `json:"name"`
		} `json:"targetRef"`
	} `json:"endpoints"`
}

// ConfigMap is text by name.
type ConfigMap struct {
	Metadata  ObjectMeta        `json:"metadata"`
	Data      map[string]string `json:"data"`
	Binary    map[string][]byte `json:"binaryData"`
	Immutable bool              `json:"immutable"`
}

// Secret is bytes by name, decoded.
type Secret struct {
	Metadata  ObjectMeta        `json:"metadata"`
	Data      map[string][]byte `json:"data"`
	Immutable bool              `json:"immutable"`
}
