package cleanup

import (
	"os/exec"
	"strconv"
	"testing"

	"cnalab/labs/process"
)

func TestOwnerGone(t *testing.T) {
	if labels := OwnerLabels(map[string]string{}); OwnerGone(labels) {
		t.Errorf("this program is gone: %v", labels)
	}
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Skip("no program to start:", err)
	}
	labels := OwnerLabels(map[string]string{})
	labels[pidLabel], labels[startLabel] = strconv.Itoa(other.Process.Pid), process.Identify(other.Process.Pid).Start
	if OwnerGone(labels) {
		t.Error("a program that runs is gone")
	}
	other.Process.Kill()
	other.Wait()
	if !OwnerGone(labels) {
		t.Error("a program that has ended is not gone")
	}
	labels[machineLabel] = "elsewhere"
	if OwnerGone(labels) {
		t.Error("a program of another machine is gone")
	}
	if OwnerGone(map[string]string{}) {
		t.Error("what nobody has labelled is ours")
	}
}
