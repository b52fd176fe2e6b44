package testlog

import (
	"fmt"
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	for _, size := range []int{0, 1, HeadBytes, HeadBytes + 1, HeadBytes + tailBytes, HeadBytes + tailBytes + 1, 10 * tailBytes, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			var all Tail
			for n := 0; n < size; n += 7 {
				all.Add("abcdefg"[:min(7, size-n)])
			}
			kept := all.String()
			if size <= HeadBytes+tailBytes {
				if len(kept) != size || strings.Contains(kept, "not shown") {
					t.Errorf("kept %d of %d bytes", len(kept), size)
				}
				return
			}
			if want := fmt.Sprintf("… %d bytes not shown …", size-HeadBytes-tailBytes); !strings.Contains(kept, want) {
				t.Errorf("%q is missing in %q", want, kept[HeadBytes-10:HeadBytes+60])
			}
			if cap(all.end) > 8*tailBytes {
				t.Errorf("holds %d bytes", cap(all.end))
			}
		})
	}
}

func TestReadCrash(t *testing.T) {
	if _, crashed := ReadCrash("all is well\nnot a panic: here\n"); crashed {
		t.Error("a crash where there is none")
	}
	c, crashed := ReadCrash("before\npanic: " + strings.Repeat("long ", 100) + " [recovered, repanicked]\n\ngoroutine 7 [running]:\n" +
		"testing.tRunner()\n\t/go/testing.go:1 +0x1\ncnalab/labs/check/proc.Build(0x1)\n\t/root/labs/check/proc/program.go:42 +0x1\nshop/order.Place(0x1, {0x2})\n\t/work/order/order.go:7 +0x98\n\n" +
		"goroutine 8 [running]:\nshop/order.Other()\n\t/work/order/order.go:9 +0x98\n")
	if !crashed || len(c.Message) > 210 {
		t.Errorf("message %q", c.Message)
	}
	for text, want := range map[string]bool{"before\n": true, "order.go:7": true, "shop/order.Place()": true, "testing.go": false, "program.go": false, "+0x": false, "order.go:9": false} {
		if strings.Contains(c.Lines, text) != want {
			t.Errorf("%q in the lines: %v, want %v:\n%s", text, !want, want, c.Lines)
		}
	}
}
