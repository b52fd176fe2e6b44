//go:build lab

package checks

import "testing"

// Each change is recorded once and in order, a refused one is not.
func TestStep05_ChangesAreRecordedOnce(t *testing.T) { ask(t, recordsOnce, orderNames, eventNames) }

// What was recorded never changes.
func TestStep05_EventsAreFacts(t *testing.T) { ask(t, keepsFacts, orderNames, eventNames) }
