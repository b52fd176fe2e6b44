package labs

import (
	"fmt"
	"sync"
)

// Sprintf is fmt.Sprintf for a sentence that people read: how it was made is
// remembered, so that the sentence stays a plain string on its way, and can still
// be said in another language where it is shown. An argument that Sprintf made is
// translated with it.
func Sprintf(format string, args ...any) string {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	made.put(text, messageOf(format, args))
	return text
}

// MessageOf is how a sentence was made that Sprintf has made of late.
func MessageOf(text string) (Message, bool) { return made.get(text) }

// Made is the translation of a sentence that Sprintf may have made of late, or that
// has no arguments.
func (t Translations) Made(text string) string {
	if m, ok := MessageOf(text); ok {
		return m.In(t)
	}
	return t.Of(text)
}

// made holds the sentences of this process.
var made memory

// mostMade is how many sentences are surely remembered; a check makes a few, and
// a server must not keep all.
const mostMade = 4096

// memory keeps between one and two times mostMade messages, by their English.
type memory struct {
	mu          sync.Mutex
	recent, old map[string]Message
}

func (m *memory) put(text string, message Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.recent == nil || len(m.recent) >= mostMade {
		m.recent, m.old = map[string]Message{}, m.recent
	}
	m.recent[text] = message
}

func (m *memory) get(text string) (Message, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	message, ok := m.recent[text]
	if !ok {
		message, ok = m.old[text]
	}
	return message, ok
}
