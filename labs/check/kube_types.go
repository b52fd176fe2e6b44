package check

import "time"

// What checks look at of Kubernetes' objects; all other fields are left out.

// KubeMeta names an object.
type KubeMeta struct {
	Name        string            `json:"name"`
	UID         string            `json:"uid"`
	Generation  int64             `json:"generation"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Deleted     *time.Time        `json:"deletionTimestamp"`
	Owners      []KubeOwner       `json:"ownerReferences"`
}

// KubeOwner is what an object belongs to.
type KubeOwner struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	UID        string `json:"uid"`
	Controller bool   `json:"controller"`
}

// KubeNode is a machine of the cluster.
type KubeNode struct {
	Metadata KubeMeta `json:"metadata"`
	Spec     struct {
		Unschedulable bool `json:"unschedulable"`
	} `json:"spec"`
}

// KubePod is a pod.
type KubePod struct {
	Metadata KubeMeta `json:"metadata"`
	Spec     struct {
		KubePodSpec
		NodeName string `json:"nodeName"`
	} `json:"spec"`
	Status struct {
		Phase      string          `json:"phase"`
		Conditions []KubeCondition `json:"conditions"`
		Containers []struct {
			Restarts int `json:"restartCount"`
			State    struct {
				Waiting *struct{ Reason, Message string } `json:"waiting"`
			} `json:"state"`
		} `json:"containerStatuses"`
	} `json:"status"`
}

// KubeCondition is one thing that is true of an object, or not.
type KubeCondition struct {
	Type   string `json:"type"`
	Status string `json:"status"`
	Reason string `json:"reason"`
}

// KubePodSpec is what a pod is made of.
type KubePodSpec struct {
	Containers []KubeContainer `json:"containers"`
}

// KubeContainer is one container of a pod.
type KubeContainer struct {
	Name      string         `json:"name"`
	Image     string         `json:"image"`
	Env       []KubeVariable `json:"env"`
	Resources struct {
		Requests map[string]string `json:"requests"`
		Limits   map[string]string `json:"limits"`
	} `json:"resources"`
	Readiness *KubeProbe `json:"readinessProbe"`
	Liveness  *KubeProbe `json:"livenessProbe"`
}

// KubeVariable is one variable; its value is empty where it comes from
// elsewhere.
type KubeVariable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// KubeProbe is a question that the node asks a container.
type KubeProbe struct {
	HTTP *struct {
		Path string `json:"path"`
	} `json:"httpGet"`
}

// KubeDeployment is a Deployment.
type KubeDeployment struct {
	Metadata KubeMeta `json:"metadata"`
	Spec     struct {
		Replicas int          `json:"replicas"`
		Selector KubeSelector `json:"selector"`
		Template KubeTemplate `json:"template"`
	} `json:"spec"`
	Status struct {
		Observed int64 `json:"observedGeneration"`
		Replicas int   `json:"replicas"`
		Updated  int   `json:"updatedReplicas"`
		Ready    int   `json:"readyReplicas"`
	} `json:"status"`
}

// KubeSelector says which pods are meant, by their labels.
type KubeSelector struct {
	Labels map[string]string `json:"matchLabels"`
}

// KubeTemplate is what pods are made from.
type KubeTemplate struct {
	Metadata KubeMeta    `json:"metadata"`
	Spec     KubePodSpec `json:"spec"`
}

// KubeReplicaSet is one version of a Deployment.
type KubeReplicaSet struct {
	Metadata KubeMeta `json:"metadata"`
	Spec     struct {
		Replicas int          `json:"replicas"`
		Template KubeTemplate `json:"template"`
	} `json:"spec"`
	Status struct {
		Ready int `json:"readyReplicas"`
	} `json:"status"`
}

// KubeService is a name for pods.
type KubeService struct {
	Metadata KubeMeta `json:"metadata"`
	Spec     struct {
		Type     string            `json:"type"`
		Selector map[string]string `json:"selector"`
		Ports    []struct {
			Port     int `json:"port"`
			NodePort int `json:"nodePort"`
		} `json:"ports"`
	} `json:"spec"`
}

// KubeData is a ConfigMap, whose data is text, or a Secret, whose data is bytes.
type KubeData[T string | []byte] struct {
	Metadata KubeMeta     `json:"metadata"`
	Data     map[string]T `json:"data"`
}
