package site_test

import (
	"net/http/httptest"
	"regexp"
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
		"en": {"Each stored order is published once", "order published 2 events for one order.", "one", "event", "two", "Look at store."},
		"ko": {"저장된 주문은 저마다 한 번 알려집니다", "주문 하나에 이벤트 2개를 order 서비스가 알렸습니다.", "이벤트", "하나", "two", "Look at store."},
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

// TestNoEnglishIsLeftInAVerdict shows verdicts of the program itself to a Korean.
func TestNoEnglishIsLeftInAVerdict(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	for _, c := range []labs.CheckReport{
		{Verdict: labs.NotYet, Say: "Your code crashed: all its goroutines wait, and nothing is left that could wake one.",
			Next: "Start at the first of these lines: it is where your code was when it crashed."},
		{Verdict: labs.NotYet, Say: "The service order did not answer POST /orders.", Next: "Read its log: it may have panicked, or wait for something without a deadline."},
		{Verdict: labs.NotYet, Say: "GET /orders/1 of order has another status than the step asks for.", Got: "500", Want: "200", Next: "Read the log of order."},
		{Verdict: labs.CouldNotCheck, Say: "The check did not end within 1m0s, and was stopped.",
			Next: "Look for a loop or a wait in your code that never ends; the last lines it printed are below."},
		{Verdict: labs.CouldNotCheck, Say: "order ended by itself: exit status 1.", Next: "Look at its last lines below."},
		{Verdict: labs.CouldNotCheck, Say: "Kafka and postgres stopped while the check ran.", Next: "They run again: check once more."},
	} {
		r.session.say = func(step int) labs.Report {
			found := report(step, c.Verdict, c.Say)
			one := &found.Steps[0].Checks[0]
			one.Got, one.Want, one.Next = c.Got, c.Want, c.Next
			return found
		}
		ask(t, server, "POST", "/labs/event-driven/steps/1/check")
		_, body := ask(t, server, "GET", "/labs/event-driven/steps/1", "Cookie", "lang=ko")
		for _, piece := range []string{"result-bar", "verdicts"} {
			section := regexp.MustCompile(`(?s)<section[^>]* id="` + piece + `".*?</section>`).FindString(body)
			if !strings.Contains(section, "data-verdict") {
				t.Fatalf("there is no verdict in %s", piece)
			}
			if english := words.FindString(tags.ReplaceAllString(section, " ")); english != "" {
				t.Errorf("%s: %q says %q", piece, c.Say, english)
			}
		}
	}
}

// TestWhatWentWrongIsToldInTheReadersLanguage asks for what there is not: as a page,
// as the editor and other programs do.
func TestWhatWentWrongIsToldInTheReadersLanguage(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	for _, c := range []struct{ method, path, english, korean string }{
		{"GET", "/nowhere", "There is no page at this address.", "이 주소에는 페이지가 없습니다."},
		{"GET", "/labs/event-driven/files/none.go", "There is no file none.go in this workspace.", "이 작업 공간에 none.go 파일이 없습니다."},
		{"POST", "/labs/event-driven/reset", "There is nothing called &#34;&#34; to reset.", "되돌릴 것 가운데 &#34;&#34; 항목은 없습니다."},
		{"GET", "/api/nowhere", "There is no page at this address.", "이 주소에는 페이지가 없습니다."},
	} {
		for language, want := range map[string]string{"en": c.english, "ko": c.korean} {
			if _, body := ask(t, server, c.method, c.path, "Cookie", "lang="+language); !strings.Contains(body, want) {
				t.Errorf("%s %s in %s: %s is not in %s", c.method, c.path, language, want, body)
			}
		}
		if _, body := ask(t, server, c.method, c.path); !strings.Contains(body, c.english) {
			t.Errorf("%s %s: %s is not in %s", c.method, c.path, c.english, body)
		}
	}
}

var (
	tags  = regexp.MustCompile(`<[^>]*>`)
	words = regexp.MustCompile(`[A-Za-z]{2,},? [A-Za-z]{2,},? [A-Za-z]{2,}`)
)
