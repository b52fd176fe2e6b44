package lab

import (
	"context"
	"strings"

	"cnalab/web/words"
)

// says introduces a shell with what this lab's sandbox has, and no more.
func (t Terminal) says(ctx context.Context) string {
	w := words.In(ctx).Terminal
	sentences := []string{w.Is}
	if len(t.Variables) > 0 {
		sentences = append(sentences, w.Addresses("$"+strings.Join(t.Variables, ", $")))
	}
	for _, kind := range t.Kinds {
		if says := w.Clients[kind]; says != "" {
			sentences = append(sentences, says)
		}
	}
	return strings.Join(sentences, " ")
}

// insideSays introduces a shell inside the sandbox.
func (t Terminal) insideSays(ctx context.Context) string {
	w := words.In(ctx).Terminal
	tools := []string{"curl", "jq"}
	for _, kind := range t.Kinds {
		if tool := w.InsideTools[kind]; tool != "" {
			tools = append(tools, tool)
		}
	}
	return w.InsideSays(strings.Join(tools, ", "))
}
