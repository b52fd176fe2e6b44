package gomod

import (
	"go/types"
	"slices"
	"strings"
)

// Functions lists the functions that the package shows to others and that can be
// called without naming a type.
func (m *Module) Functions(path string) []string {
	p := m.Package(path)
	if p == nil {
		return nil
	}
	var names []string
	for _, e := range p.Exports {
		if e.Kind == "func" && !strings.HasPrefix(e.Shape, "func[") {
			names = append(names, e.Name)
		}
	}
	return names
}

// exports lists what a package shows to others, and remembers whose members
// the methods and fields are.
func (r *reader) exports(p *types.Package) []Export {
	var exports []Export
	add := func(name, kind string, object types.Object) {
		if object.Exported() {
			exports = append(exports, Export{name, kind, r.shape(p, object), r.at(object.Pos())})
		}
	}
	for _, name := range p.Scope().Names() {
		object := p.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		add(name, kind(object), object)
		if of, ok := object.(*types.TypeName); ok {
			for _, member := range members(of) {
				full := name + "." + member.Name()
				r.members[member] = full
				add(full, kind(member), member)
			}
		}
	}
	slices.SortFunc(exports, func(a, b Export) int { return strings.Compare(a.Name, b.Name) })
	return exports
}

// members are a type's own methods and its struct fields or interface methods.
func members(of *types.TypeName) []types.Object {
	var all []types.Object
	if named, ok := of.Type().(*types.Named); ok && !of.IsAlias() {
		for method := range named.Methods() {
			all = append(all, method)
		}
	}
	switch under := of.Type().Underlying().(type) {
	case *types.Struct:
		for field := range under.Fields() {
			all = append(all, field)
		}
	case *types.Interface:
		for method := range under.ExplicitMethods() {
			all = append(all, method)
		}
	}
	return all
}

func kind(object types.Object) string {
	switch object := object.(type) {
	case *types.TypeName:
		return "type"
	case *types.Const:
		return "const"
	case *types.Var:
		if object.IsField() {
			return "field"
		}
		return "var"
	}
	if signature, ok := object.Type().(*types.Signature); ok && signature.Recv() != nil {
		return "method"
	}
	return "func"
}

// shape is the object's type in words of its own package.
func (r *reader) shape(p *types.Package, object types.Object) string {
	of := object.Type()
	if _, isType := object.(*types.TypeName); isType {
		of = of.Underlying()
	}
	return types.TypeString(of, func(other *types.Package) string {
		if other == p {
			return ""
		}
		return other.Name()
	})
}

// origin is the member as declared, where it was reached through an instance
// of a generic type.
func origin(object types.Object) types.Object {
	switch object := object.(type) {
	case *types.Func:
		return object.Origin()
	case *types.Var:
		return object.Origin()
	}
	return object
}
