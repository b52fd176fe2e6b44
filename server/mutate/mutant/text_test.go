package mutant

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestManifestFaults(t *testing.T) {
	all := Text("order.yaml", `kind: Deployment
spec:
  replicas: 3
  template:
    ports:
    - port: 8080
    - {name: b, on: true}
  memory: 64Mi
`)
	want := []string{
		"order.yaml: field left out: replicas: 3 → nothing",
		"order.yaml: value changed: replicas: 3 → replicas: 4",
		"order.yaml: field left out: ports: → nothing",
		"order.yaml: field left out: - port: 8080 → nothing",
		"order.yaml: value changed: - port: 8080 → - port: 8081",
		"order.yaml: value changed: - {name: b, on: true} → - {name: b, on: false}",
		"order.yaml: value changed: memory: 64Mi → memory: 64",
	}
	contains(t, all, want)
	for _, m := range all {
		if below := "-    - port: 8080\n-    - {name: b, on: true}\n"; m.Before == "    ports:" && !strings.Contains(m.Diff(), below) {
			t.Errorf("what is below a field stays:\n%s", m.Diff())
		}
	}
}

func TestNotesForTheReaderAreNoFaults(t *testing.T) {
	for name, content := range map[string]string{
		"order.yaml": "spec:\n  ports:\n    - containerPort: 8080\n", "Dockerfile": "EXPOSE 8080\n",
	} {
		for _, m := range Text(name, content) {
			if strings.Contains(m.Before, "8080") || strings.Contains(m.Before, "ports") {
				t.Errorf("%s is no fault", m.ID())
			}
		}
	}
	contains(t, Text("order.yaml", "ports:\n- containerPort: 8080\n  name: http\n"), []string{
		"order.yaml: field left out: ports: → nothing", "order.yaml: value changed: - containerPort: 8080 → - containerPort: 8081"})
}

func TestOnlyWhatIsFreshIsBroken(t *testing.T) {
	before := "kind: Deployment\nmetadata:\n  name: order\nspec:\n  replicas: 1\n"
	after := "kind: Deployment\nmetadata:\n  name: order\nspec:\n  replicas: 3\n---\nkind: Service\nmetadata:\n  name: order\n"
	got := names(Fresh(Text("order.yaml", after), before))
	want := []string{
		"order.yaml: field left out: spec: → nothing",
		"order.yaml: field left out: replicas: 3 → nothing", "order.yaml: value changed: replicas: 3 → replicas: 4",
		"order.yaml: field left out: kind: Service → nothing", "order.yaml: value changed: kind: Service → kind: Servicex",
		"order.yaml: field left out: metadata: → nothing (2)",
		"order.yaml: field left out: name: order → nothing (2)", "order.yaml: value changed: name: order → name: orderx (2)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if all := Text("order.yaml", after); len(Fresh(all, "")) != len(all) {
		t.Error("of a new file not all is fresh")
	}
	swapped := names(Fresh(Text("Dockerfile", "FROM go\nCOPY a .\nCOPY b .\nRUN go build\n"), "FROM go\nCOPY b .\nRUN go build\n"))
	contains(t, Fresh(Text("Dockerfile", "FROM go\nCOPY a .\nRUN go build\n"), "FROM go\nRUN go build\n"), []string{
		"Dockerfile: order swapped: FROM go → COPY a . before FROM go"})
	if slices.Contains(swapped, "Dockerfile: line dropped: RUN go build → nothing") {
		t.Errorf("what was there is broken: %q", swapped)
	}
}

func TestDockerfileFaults(t *testing.T) {
	all := Text("Dockerfile", `# One.
FROM go AS build
COPY --chown=10001:10001 go.mod ./
RUN CGO_ENABLED=0 \
  go build
USER 10001
ENTRYPOINT ["/order", "health"]
`)
	contains(t, all, []string{
		"Dockerfile: line dropped: USER 10001 → nothing",
		"Dockerfile: number changed: USER 10001 → USER 10002",
		"Dockerfile: option dropped: COPY --chown=10001:10001 go.mod ./ → COPY go.mod ./",
		`Dockerfile: line dropped: RUN CGO_ENABLED=0 \ go build → nothing`,
		`Dockerfile: not static: RUN CGO_ENABLED=0 \ go build → RUN \ go build`,
		`Dockerfile: shell form: ENTRYPOINT ["/order", "health"] → ENTRYPOINT /order health`,
		`Dockerfile: order swapped: USER 10001 → ENTRYPOINT ["/order", "health"] before USER 10001`,
	})
}

func TestCommandFaults(t *testing.T) {
	contains(t, Text("run.sh", "docker volume create orders\ndocker run -d -v orders:/data order\n"), []string{
		"run.sh: line dropped: docker volume create orders → nothing",
		"run.sh: option dropped: docker run -d -v orders:/data order → docker run -d order",
		"run.sh: order swapped: docker volume create orders → docker run -d -v orders:/data order before docker volume create orders",
	})
}

func TestOtherFilesHaveNoFaults(t *testing.T) {
	if all := Text("README.md", "one\ntwo\n"); len(all) > 0 {
		t.Errorf("got %q", names(all))
	}
}

func contains(t *testing.T, all []Mutant, want []string) {
	t.Helper()
	got := names(all)
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("there is no mutant %s", id)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}
}

func TestAmountsLoseTheirUnit(t *testing.T) {
	all := Text("order.yaml", "cpu: 50m\nmemory: 32Mi\nwait: 30s\n")
	contains(t, all, []string{
		"order.yaml: value changed: cpu: 50m → cpu: 50", "order.yaml: value changed: memory: 32Mi → memory: 32", "order.yaml: value changed: wait: 30s → wait: 31s",
	})
}

func TestWhatOnlyLooksIsNoFault(t *testing.T) {
	all := Text("run.sh", "kubectl apply -f a.yaml\nkubectl rollout status deployment/a --timeout=3s || true\nuntil kubectl get pod a; do sleep 1; done\nkubectl get pod a -o yaml > b.yaml\n")
	contains(t, all, []string{
		"run.sh: line dropped: kubectl get pod a -o yaml > b.yaml → nothing",
		"run.sh: order swapped: kubectl apply -f a.yaml → kubectl get pod a -o yaml > b.yaml before kubectl apply -f a.yaml",
	})
	for _, id := range names(all) {
		if strings.Contains(id, "rollout status") || strings.Contains(id, "until") {
			t.Errorf("%s is a mutant", id)
		}
	}
}
