package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

func engineAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return exec.CommandContext(ctx, "docker", "version").Run() == nil
}

// inEngine is what the engine still has of the servers that were started. The
// label is the one by which a server knows what an earlier one left.
func (s *server) inEngine(ctx context.Context) (found []string) {
	for _, of := range []struct{ kind, list, name string }{
		{"container", "ps --all", "Names"},
		{"network", "network ls", "Name"},
		{"volume", "volume ls", "Name"},
	} {
		arguments := append(strings.Fields(of.list), "--filter", "label=cnalab.owner", "--format", `{{.Label "cnalab.owner"}} {{.`+of.name+`}}`)
		out, err := exec.CommandContext(ctx, "docker", arguments...).Output()
		if err != nil {
			found = append(found, fmt.Sprintf("the engine does not tell its %ss: %v", of.kind, err))
		}
		for line := range strings.Lines(string(out)) {
			if pid, name, _ := strings.Cut(strings.TrimSpace(line), " "); s.pids[pid] {
				found = append(found, of.kind+" "+name)
			}
		}
	}
	return found
}
