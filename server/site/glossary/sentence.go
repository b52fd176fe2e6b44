package glossary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A sentence shorter than this says little of a word by itself. Korean says
// as much in fewer letters.
const (
	short       = 52
	shortHangul = 42
)

// meaning is the sentence around the word at the place. The one before it is
// taken with it where it leans on that, and the one after where it is short.
func meaning(all string, at, end int) string {
	from, to := bounds(all, at, end)
	own := strings.TrimSpace(all[from:to])
	first, bare := from == 0, bareWord(all[from:at], all[end:to])
	if from > 0 && (bare || leans(own)) {
		from, _ = bounds(all, from-1, from)
	}
	if (!bare || first) && isShort(own) && to < len(all) {
		_, to = bounds(all, to, to)
	}
	return strings.TrimSpace(all[from:to])
}

// bareWord reports whether a sentence has little but the word in it, such as
// "리밸런스(rebalance)입니다.": it names what the sentence before it says.
func bareWord(before, after string) bool {
	if strings.HasPrefix(after, "(") {
		_, after, _ = strings.Cut(after, ")")
	}
	return utf8.RuneCountInString(strings.TrimSpace(before+after)) < 8
}

// leans reports whether a sentence begins with a word for something that the
// sentence before it has named.
func leans(sentence string) bool {
	for _, start := range []string{"It ", "That ", "This ", "These ", "They ", "Noting it", "이것", "그것"} {
		if strings.HasPrefix(sentence, start) {
			return true
		}
	}
	return false
}

func isShort(sentence string) bool {
	most := short
	if strings.ContainsFunc(sentence, hangul) {
		most = shortHangul
	}
	return utf8.RuneCountInString(sentence) < most
}

func hangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

// bounds are where the sentence around the place from at to end begins and
// ends. The place is whole, though a sentence may end inside it.
func bounds(all string, at, end int) (from, to int) {
	for i := range all {
		switch {
		case !ends(all, i):
		case i < at:
			from = i + 1
		case i+1 >= end:
			return from, i + 1
		}
	}
	return from, len(all)
}

// ends reports whether a sentence ends at the place: a full stop, and a space
// or nothing after it.
func ends(all string, at int) bool {
	if !strings.ContainsRune(".?!", rune(all[at])) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(all[at+1:])
	return at+1 == len(all) || unicode.IsSpace(next)
}
