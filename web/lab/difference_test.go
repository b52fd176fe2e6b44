package lab

import (
	"strings"
	"testing"
)

func TestDifferencesAreWords(t *testing.T) {
	for _, test := range []struct{ got, want, inGot, inWant string }{
		{"8 left of sku-7", "9 left of sku-7", "<mark>8</mark> left of sku-7", "<mark>9</mark> left of sku-7"},
		{"key order-7, no trace", "key order-7, trace a1", "key order-7, <mark>no</mark> <mark>trace</mark>", "key order-7, <mark>trace</mark> <mark>a1</mark>"},
		{"주문 3건", "주문 4건", "주문 <mark>3건</mark>", "주문 <mark>4건</mark>"},
		{"a\nb\nc", "a\nx\nc", "a\n<mark>b</mark>\nc", "a\n<mark>x</mark>\nc"},
		{"nothing alike", "four orders", "nothing alike", "four orders"}, // marks from end to end tell nothing
		{"<b>1</b>", "<b>2</b>", "&lt;b&gt;<mark>1</mark>&lt;/b&gt;", "&lt;b&gt;<mark>2</mark>&lt;/b&gt;"},
		{"", "an event", "", "an event"},
		{"the same", "the same", "the same", "the same"},
	} {
		got, want := differences(test.got, test.want)
		if got, want := markup(got), markup(want); got != test.inGot || want != test.inWant {
			t.Errorf("differences(%q, %q)\n got %s and %s\nwant %s and %s", test.got, test.want, got, want, test.inGot, test.inWant)
		}
	}
}

func TestLongTextsAreNotCompared(t *testing.T) {
	long := strings.Repeat("again and ", mostCompared/10)
	if got, _ := differences(long, long+"again"); len(got) != 1 || got[0].differs {
		t.Errorf("got %d pieces", len(got))
	}
}
