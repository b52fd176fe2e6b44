package proc

import "testing"

// What Go 1.26's runtime says where its collector is refused memory, which
// depends on when it collects.
const refusedTrace = `SIGSEGV: segmentation violation
PC=0x42985d m=3 sigcode=1 addr=0x0

goroutine 0 gp=0x280c7bf172c0 m=3 mp=0x280c7bf4f008 [idle]:
runtime.(*spanQueue).tryDrain(0x280c00000400?, 0x431fe5?, 0x524d08?)
	/usr/local/go/src/runtime/mgcmark_greenteagc.go:520 +0x5d fp=0x280c7bf65ea0 sp=0x280c7bf65e80 pc=0x42985d

goroutine 1 gp=0x280c7bf161e0 m=nil [runnable]:
main.main()
	/home/learner/eats/main.go:6 +0x2d fp=0x280c7ff8ff48 sp=0x280c7ff8fef0 pc=0x47a76d
`

func TestCrashesAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		stderr          string
		crashed, memory bool
	}{
		"a panic":                {"hello\npanic: no idea\n\ngoroutine 1 [running]:\nmain.main()\n", true, false},
		"the learner's nil":      {"panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x49]\n", true, false},
		"the runtime gives up":   {"runtime: out of memory: cannot allocate 67108864-byte block\nfatal error: out of memory\n", true, true},
		"a system call gives up": {"fatal error: runtime: cannot allocate memory\n", true, true},
		"the runtime is refused": {"begin\n" + refusedTrace, true, true},
		"words of the program":   {"I met a SIGSEGV: segmentation violation\n", false, false},
		"nothing":                {"", false, false},
	} {
		trace, crashed := panicked(test.stderr)
		if crashed != test.crashed || OutOfMemory(trace) != test.memory {
			t.Errorf("%s: crashed %v, of memory %v", name, crashed, OutOfMemory(trace))
		}
	}
}
