package testbed

import (
	"context"

	"cnalab/labs"
	"cnalab/labs/environ"
)

// clearCluster takes all out of a cluster that is not its own. In a namespace
// that is on its way out no pod is made, so those that are there are forced.
const clearCluster = `
kubectl config set-context --current --namespace=default
kubectl get nodes -o name | xargs kubectl uncordon
own=$(kubectl get namespaces -o name | grep -v -e /default$ -e /kube- -e /local-path-storage$ || true)
if [ -n "$own" ]; then kubectl delete $own --wait=false; fi
kubectl delete deployments,daemonsets,statefulsets,jobs,configmaps,secrets --all -n default --timeout=60s
kubectl delete services --field-selector metadata.name!=kubernetes -n default --timeout=60s
for namespace in $own default; do
  kubectl delete pods --all -n "${namespace#namespace/}" --force --grace-period=0 --timeout=60s
done
if [ -n "$own" ]; then kubectl wait $own --for=delete --timeout=120s; fi
`

// Clear takes away what was typed, and what that made: in a cluster, and in the
// workspace. It reports whether it could; where it could not, only another
// sandbox is without.
func (w *Workspace) Clear(ctx context.Context) bool {
	environment := w.Sandbox.Environment()
	if environ.Lookup(environment, labs.EnvKube) == "" || environ.Lookup(environment, labs.EnvDocker) != "" {
		return false
	}
	if err := w.Type(ctx, clearCluster); err != nil {
		return false
	}
	given := func(name string) bool { return name == "go.mod" || name == "go.sum" }
	return w.written.Prune(w.files, given) == nil
}
