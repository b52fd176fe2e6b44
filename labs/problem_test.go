package labs

import (
	"syscall"
	"testing"
)

func TestSaysFull(t *testing.T) {
	for words, want := range map[string]bool{
		syscall.ENOSPC.Error(): true,
		"initdb: could not write to file \"base/5\": No space left on device": true,
		"order/main.go:2:15: undefined: x":                                    false,
	} {
		if got := SaysFull(words); got != want {
			t.Errorf("SaysFull(%q) = %v", words, got)
		}
	}
}
