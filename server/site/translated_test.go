package site_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"cnalab/labs"
)

// TestVerdictsSpeakTheReadersLanguage shows what one check found to two readers.
func TestVerdictsSpeakTheReadersLanguage(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.session.say = func(step int) labs.Report {
		found := report(step, labs.NotYet, "order published 2 events for one order.")
		c := &found.Steps[0].Checks[0]
		c.Got, c.Want, c.Next = "two", "one event", "Look at store."
		return found
	}
	ask(t, server, "POST", "/labs/event-driven/steps/1/check")
	for language, words := range map[string][]string{
		"en": {"Each stored order is published once", "order published 2 events for one order.", "one event", "two", "Look at store."},
		"ko": {"저장된 주문은 저마다 한 번 알려집니다", "주문 하나에 이벤트 2개를 order 서비스가 알렸습니다.", "이벤트 하나", "two", "Look at store."},
	} {
		_, body := ask(t, server, "GET", "/labs/event-driven/steps/1", "Cookie", "lang="+language)
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: %q is not on the page", language, word)
			}
		}
		if other := "published 2 events"; language == "ko" && strings.Contains(body, other) {
			t.Errorf("%s: %q is on the page", language, other)
		}
	}
}
