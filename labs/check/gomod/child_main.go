package gomod

import (
	"maps"
	"slices"
	"strings"
	"text/template"
)

// main is the child's main file.
var main = template.Must(template.New("main").Parse(`package main

import (
	child "{{.Child}}"
	reflect "reflect"
{{range $path, $name := .Imports}}	{{$name}} "{{$path}}"
{{end}})

func main() {
	child.Main(child.Names{
		Values: map[string]reflect.Value{
{{range .Values}}			"{{.}}": reflect.ValueOf({{.}}),
{{end}}{{range .Variables}}			"{{.}}": reflect.ValueOf(&{{.}}).Elem(),
{{end}}		},
		Types: map[string]reflect.Type{
{{range .Types}}			"{{.}}": reflect.TypeFor[{{.}}](),
{{end}}		},
		Gets: []child.Getter{
{{range .Gets}}			child.Get("{{.Name}}", {{.Method}}),
{{end}}		},
	})
}
`))

// registers is the child's main file with the names, which are in packages with
// those paths. A name that the module lacks is left out: the compiler tells of
// it where the check uses it.
func (m *Module) registers(names map[string]string, gets []getter) string {
	m.c.Helper()
	var with struct {
		Child                    string
		Imports                  map[string]string
		Values, Variables, Types []string
		Gets                     []getter
	}
	with.Child, with.Imports, with.Gets = childImport, map[string]string{}, gets
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch m.kind(names[name], name) {
		case "type":
			with.Types = append(with.Types, name)
		case "func", "const":
			with.Values = append(with.Values, name)
		case "var":
			with.Variables = append(with.Variables, name)
		default:
			continue
		}
		with.Imports[names[name]], _, _ = strings.Cut(name, ".")
	}
	var text strings.Builder
	m.c.Must(main.Execute(&text, with), "The check's questions cannot be written.")
	return text.String()
}

// kind is what the name is in that package; a package of others has functions.
func (m *Module) kind(imported, name string) string {
	below, own := strings.CutPrefix(imported, modulePath+"/")
	if !own {
		return "func"
	}
	_, short, _ := strings.Cut(name, ".")
	if export := m.Package(below).Export(short); export != nil {
		return export.Kind
	}
	return ""
}
