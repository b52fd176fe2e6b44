package words

// Words is what pages say, in one language.
type Words struct {
	Skip string
}

var english = Words{Skip: "Skip to the text"}
var korean = Words{Skip: "본문으로 건너뛰기"}
