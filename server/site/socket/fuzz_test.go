package socket

import (
	"context"
	"testing"
	"time"
	"unicode/utf8"
)

// still is a terminal that takes everything.
type still struct{}

func (still) Write([]byte) error                           { return nil }
func (still) Resize(int, int) error                        { return nil }
func (still) From() int64                                  { return 0 }
func (still) Behind() int64                                { return 0 }
func (still) Next(context.Context, []byte) ([]byte, error) { return nil, nil }
func (still) Shown(int64)                                  {}
func (still) Why() string                                  { return "" }
func (still) Close()                                       {}

// Whatever a page sends, it is taken or told of.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{`{"size":[80,24]}`, `{"size":[1]}`, `{"size":null,"shown":-1}`, `{"shown":9e99}`, `[]`, `null`, ``, "\xff", `{"size":{"0":1}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := &Socket{Translate: func(english string) string { return english }, terminal: still{}, screen: still{}, touch: func() {}, touched: time.Now()}
		if err := s.asked(text); err != nil {
			if say := s.problem(err); say == "" || !utf8.ValidString(say) {
				t.Errorf("of %q it says %q", text, say)
			}
		}
	})
}
