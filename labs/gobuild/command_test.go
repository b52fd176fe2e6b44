package gobuild

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRunIsBoundedInTime(t *testing.T) {
	dir := module(t)
	put(t, dir, "order/order_test.go", "package main\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc Test(t *testing.T) { time.Sleep(time.Minute) }\n")
	began := time.Now()
	_, err := Command{Dir: dir, Args: []string{"test", "./order"}, Limit: 2 * time.Second}.Run(t.Context())
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 30*time.Second {
		t.Errorf("it ended with %v after %s", err, time.Since(began))
	}
}

func TestOutputIsBounded(t *testing.T) {
	dir := module(t)
	put(t, dir, "order/main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc main() { fmt.Print(\"first\", strings.Repeat(\"x\", 2<<20)) }\n")
	output, err := Command{Dir: dir, Args: []string{"run", "./order"}}.Run(t.Context())
	if err != nil || len(output) != outputBytes || !strings.HasPrefix(output, "first") {
		t.Errorf("it printed %d bytes, %v", len(output), err)
	}
}
