//go:build unix

package process

import (
	"bytes"
	"context"
	"os/exec"
	"testing"
	"time"
)

func TestEndTogether(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "sleep 1109; true")
	var out bytes.Buffer
	cmd.Stdout = &out // so that Run waits for the child too
	EndTogether(cmd)
	began := time.Now()
	if err := cmd.Run(); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("ended with %v after %s", err, time.Since(began))
	}
}
