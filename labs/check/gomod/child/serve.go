package child

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime/debug"
	"time"
)

// PipesName is the variable that tells which files are the pipes: the one to
// read from and the one to write to.
const PipesName = "CHECK_CHILD_PIPES"

// TimeOver is in the trace of a child that was given no more time.
const TimeOver = "the time for an answer is over"

// maxStack ends an endless recursion before memory does, and before time: the
// runtime walks all its frames.
const maxStack = 16 << 20

// memoryLimit is where the collector takes its time again, below what the check
// lets this program hold.
const memoryLimit = 512 << 20

// Names are the functions, variables, constants and types that questions may
// name, as "order.Place".
type Names struct {
	Values map[string]reflect.Value
	Types  map[string]reflect.Type
	Gets   []Getter
}

// Main answers until the check asks no more. It is all of the program.
func Main(names Names) {
	debug.SetMaxStack(maxStack)
	debug.SetTraceback("all")
	debug.SetGCPercent(400) // what a question leaves behind is small, and much
	debug.SetMemoryLimit(memoryLimit)
	var in, out uintptr
	if _, err := fmt.Sscan(os.Getenv(PipesName), &in, &out); err != nil {
		fmt.Fprintln(os.Stderr, "read pipes:", err)
		os.Exit(3)
	}
	if err := Serve(os.NewFile(in, "requests"), os.NewFile(out, "answers"), names); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

// Serve answers each line of in with one of out, until in ends.
func Serve(in io.Reader, out io.Writer, names Names) error {
	t := newTable(names)
	requests, answers := json.NewDecoder(bufio.NewReader(in)), bufio.NewWriter(out)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for {
		var r Request
		if err := requests.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		if err := encoder.Encode(t.answer(r)); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
		if err := answers.Flush(); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
}

// answer does what is asked on a goroutine of its own, which the learner's code
// may end.
func (t *table) answer(r Request) Answer {
	t.told = nil
	watch := time.AfterFunc(r.Within, func() { panic(TimeOver) })
	defer watch.Stop()
	done := make(chan Answer, 1)
	go func() {
		answer, returned := Answer{}, false
		defer func() {
			if !returned {
				answer = Answer{Stories: t.told}
				answer.Panic, answer.Misfit = ended(recover())
			}
			done <- answer
		}()
		answer = t.do(r.Ask)
		returned = true
	}()
	answer := <-done
	answer.ID = r.ID
	return answer
}

// misfit is a question that does not fit the learner's code.
type misfit string

// ended is what to tell of a call that did not return. With nothing to recover
// it has ended its goroutine.
func ended(cause any) (*Panic, string) {
	if why, ours := cause.(misfit); ours {
		return nil, string(why)
	}
	text := "it called runtime.Goexit"
	if cause != nil {
		text = fmt.Sprint(cause)
	}
	return &Panic{Cause: limited(text), Stack: string(debug.Stack())}, ""
}

// maxText bounds one text of the learner's code in an answer.
const maxText = 64 << 10

func limited(text string) string { return text[:min(len(text), maxText)] }
