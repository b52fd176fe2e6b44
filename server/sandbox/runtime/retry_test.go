package runtime

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"cnalab/server/sandbox/cleanup"
)

func TestRetriesOnOtherPorts(t *testing.T) {
	taken, broken := fmt.Errorf("start links: %w", cleanup.ErrPortTaken), errors.New("broken")
	for name, c := range map[string]struct {
		errs []error // of one try after another; then it opens
		want error
	}{
		"opens at once":             {nil, nil},
		"opens on other ports":      {[]error{taken}, nil},
		"gives up in the end":       {[]error{taken, taken, taken, taken}, cleanup.ErrPortTaken},
		"does not try what is lost": {[]error{broken}, broken},
	} {
		tries := 0
		opened, err := OpenWithRetry(t.Context(), func() (*Sandbox, error) {
			if tries++; tries <= len(c.errs) {
				return nil, c.errs[tries-1]
			}
			return &Sandbox{}, nil
		})
		if !errors.Is(err, c.want) || (err == nil) != (opened != nil) || tries > maxAttempts {
			t.Errorf("%s: %v, %v after %d tries", name, opened, err, tries)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	OpenWithRetry(ctx, func() (*Sandbox, error) { tries++; cancel(); return nil, taken })
	if tries != 1 {
		t.Errorf("tried %d times for somebody who went away", tries)
	}
}
