package child

import (
	"reflect"
	"slices"
	"strings"
)

// mostParts is how many values are written at most: beyond it nothing is known.
const mostParts = 100_000

// wholeOf is all that a value is made of as a text, also what others cannot see
// and what it points to; elements of a list are sorted. It calls no method.
// Where a folder is named it is only what is of types of the packages there. It
// is empty where the value is too large to be written.
func wholeOf(v reflect.Value, folder string) string {
	w := whole{folder: folder, on: map[uintptr]bool{}}
	w.value(v, folder == "")
	if w.parts > mostParts {
		return ""
	}
	return string(w.text)
}

// whole is the text of one value as far as it is written.
type whole struct {
	text   []byte
	folder string
	parts  int
	on     map[uintptr]bool // pointers on the way here
}

// value writes v, where told it is of interest.
func (w *whole) value(v reflect.Value, told bool) {
	if w.parts++; w.parts > mostParts || !v.IsValid() {
		return
	}
	told = told || belongs(v.Type().PkgPath(), w.folder)
	switch kind := v.Kind(); {
	case kind == reflect.Interface && !v.IsNil():
		w.value(v.Elem(), told)
	case kind == reflect.Pointer && !v.IsNil():
		w.pointed(v, told)
	case kind == reflect.Struct:
		w.fields(v, told)
	case kind == reflect.Map:
		w.entries(v, told)
	case kind == reflect.Slice || kind == reflect.Array:
		w.elements(v, told)
	case told && isPlain(kind):
		w.text = appendPlain(w.text, v)
	case kind == reflect.Interface || kind == reflect.Pointer || kind == reflect.Func && v.IsNil():
		w.write("nil", told)
	}
}

func (w *whole) pointed(v reflect.Value, told bool) {
	at := v.Pointer()
	if w.on[at] {
		return
	}
	w.on[at] = true
	w.value(v.Elem(), told)
	delete(w.on, at)
}

// fields leaves out what a struct needs to be shared, and where in the world a
// time is: they change without a change.
func (w *whole) fields(v reflect.Value, told bool) {
	of := v.Type()
	if of.PkgPath() == "sync" {
		return
	}
	w.write(of.String()+"{", told)
	for i := range v.NumField() {
		if of.PkgPath() == "time" && v.Field(i).Kind() == reflect.Pointer {
			continue
		}
		w.write(", ", told && i > 0)
		w.write(of.Field(i).Name+": ", told)
		w.value(v.Field(i), told)
	}
	w.write("}", told)
}

func (w *whole) write(text string, told bool) {
	if told {
		w.text = append(w.text, text...)
	}
}

func (w *whole) elements(v reflect.Value, told bool) {
	var all []string
	for i := range v.Len() {
		all = append(all, w.apart(func() { w.value(v.Index(i), told) }))
	}
	w.list(all)
}

func (w *whole) entries(v reflect.Value, told bool) {
	var all []string
	for each := v.MapRange(); each.Next(); {
		all = append(all, w.apart(func() {
			w.value(each.Key(), told)
			w.write(": ", told)
			w.value(each.Value(), told)
		}))
	}
	w.list(all)
}

// apart is what write writes, as a text of its own.
func (w *whole) apart(write func()) string {
	from := len(w.text)
	write()
	text := string(w.text[from:])
	w.text = w.text[:from]
	return text
}

// list writes those of the texts that are not empty.
func (w *whole) list(all []string) {
	all = slices.DeleteFunc(all, func(text string) bool { return text == "" })
	slices.Sort(all)
	w.write("["+strings.Join(all, ", ")+"]", len(all) > 0)
}
