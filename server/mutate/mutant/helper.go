package mutant

import "fmt"

// helperFile is the name of a file beside each package's own, which holds what
// mutants need.
const helperFile = "mutant_helper.go"

// freshName is a function of the helper that draws an identity.
const freshName = "mutantFresh"

// helperText is a file of a package that knows which mutant is chosen and,
// where none is, tells which points are come to. It tells so again after a
// while: whoever reads it takes it away, to see what comes after.
func helperText(name, control string, points int) string {
	return fmt.Sprintf(`package %s

import (
	"crypto/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const mutantControl = %q

var mutantNumber = sync.OnceValue(func() int {
	text, _ := os.ReadFile(mutantControl + "/chosen")
	number, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return number
})

var mutantTold [%d]atomic.Int64

func mutantAt(point int) {
	if now := time.Now().UnixMilli(); mutantNumber() == 0 && now-mutantTold[point].Load() > 50 {
		mutantTold[point].Store(now)
		_ = os.WriteFile(mutantControl+"/reached-"+strconv.Itoa(point), nil, 0o666)
	}
}

func mutantChosen(function int) int {
	mutantAt(function)
	return mutantNumber()
}

func mutantFresh() string { return rand.Text() }
`, name, control, points)
}
