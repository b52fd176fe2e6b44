package child

import (
	"runtime"
	"strconv"
	"strings"
)

// belongs reports whether a package's import path is in a folder of the module.
func belongs(imported, folder string) bool {
	return imported == "shop/"+folder || strings.HasPrefix(imported, "shop/"+folder+"/")
}

// packageOf is the import path of the package that a function is in, by the
// name that a trace gives it.
func packageOf(function string) string {
	name, _, _ := strings.Cut(function, "[") // the types of an instance
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return name
	}
	return name[:slash+dot]
}

func numbered(file string, line int) string {
	return file[strings.LastIndexAny(file, `/\`)+1:] + ":" + strconv.Itoa(line)
}

// stack are the function that was called, and who has called it, up to this
// program's own.
func stack() []runtime.Frame {
	pcs := make([]uintptr, 200)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)]) // without Callers, stack, Called and the package's own
	var all []runtime.Frame
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		all = append(all, frame)
	}
	return all
}

// caller is who has called a function. Where reflection has, as a template does,
// it is who has that done.
func caller(callers []runtime.Frame) runtime.Frame {
	if packageOf(callers[0].Function) != "reflect" {
		return callers[0]
	}
	for _, frame := range callers {
		if imported := packageOf(frame.Function); ofLearner(imported) || belongs(imported, "check_child") {
			return frame
		}
	}
	return callers[0]
}

// ofLearner reports whether a package is the learner's.
func ofLearner(imported string) bool {
	return strings.HasPrefix(imported, "shop/") && !belongs(imported, "check_child")
}

// first reports whether nobody of the folder is among the callers, the last of
// which is this program.
func first(callers []runtime.Frame, folder string) bool {
	asked := false
	for _, frame := range callers {
		imported := packageOf(frame.Function)
		if belongs(imported, folder) {
			return false
		}
		asked = asked || belongs(imported, "check_child")
	}
	return asked
}
