package kind

import (
	"context"
	"fmt"
	"maps"
	"net"
	"strconv"

	kindcluster "sigs.k8s.io/kind/pkg/cluster"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/workbench"
)

// kubeconfig is where a workbench has it.
const kubeconfig = "/tmp/kubeconfig"

// Workbench makes a shell in the nodes' network, which reaches the cluster as
// the nodes reach each other. No part serves TLS here, so there are no files.
func (g *backend) Workbench(ctx context.Context, workspace string, addresses []string, _ map[string]string) (*sandbox.Workbench, error) {
	c := g.cluster
	config, err := kindcluster.NewProvider(kindcluster.ProviderWithDocker()).KubeConfig(c.name, true)
	if err != nil {
		return nil, fmt.Errorf("make workbench: %w", translate(err))
	}
	addresses = append(addresses, labs.EnvKube+"="+kubeconfig)
	for _, number := range labs.NodePorts {
		addresses = append(addresses, labs.EnvNodePort(number)+"="+net.JoinHostPort(c.container(controlPlane), strconv.Itoa(number)))
	}
	return workbench.New(ctx, c.engine, workbench.Spec{Network: c.name, Labels: maps.Clone(c.labels), Workspace: workspace,
		Addresses: addresses, Files: map[string][]byte{kubeconfig: []byte(config)}})
}
