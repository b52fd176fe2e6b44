# A probe asks every ten seconds and gives up after three times no, and a container
# has 30 seconds to end.
set -e
kubectl create -n shop --dry-run=server -o jsonpath='{..livenessProbe.periodSeconds} {..livenessProbe.failureThreshold} {.spec.terminationGracePeriodSeconds}' -f - <<POD | grep '^10 3 30$'
apiVersion: v1
kind: Pod
metadata: {name: defaults}
spec:
  containers:
    - {name: order, image: cnalab/fixtures:1, livenessProbe: {httpGet: {path: /healthz, port: 8080}}}
POD
