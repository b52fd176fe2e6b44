package child

import "reflect"

// scribble overwrites all that others can reach from the value, but for what is
// behind a pointer to a struct of which they see nothing.
func scribble(v reflect.Value, depth int) {
	if v = inside(v); !v.IsValid() || depth == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i), depth-1)
			v.Index(i).SetZero()
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		for key, value := range v.Seq2() {
			scribble(value, depth-1)
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
		v.SetMapIndex(reflect.Zero(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	case reflect.Pointer:
		scribblePointed(v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); v.Type().Field(i).IsExported() {
				scribble(field, depth-1)
				if field.CanSet() {
					field.SetZero()
				}
			}
		}
	}
}

func scribblePointed(v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	scribble(v.Elem(), depth-1)
	if v.Elem().Kind() != reflect.Struct {
		v.Elem().SetZero()
	}
}

// scribbled overwrites what a reader was given.
func (t *table) scribbled(a Ask) Answer {
	scribble(t.value(a.On), 8)
	return Answer{}
}
