//go:build lab

package checks

import (
	"fmt"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// mostNames is how many exported names of order and product others may use.
// The split that only moves code needs 25 and more.
const mostNames = 22

// translator may name what it likes: to know both sides is its work (step 5).
const translator = "catalog/"

// Few names cross the boundaries of order and product.
func TestStep03_FewNamesCross(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	var names []string
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		crossing := m.Crossing(context)
		if len(crossing) == 0 {
			c.NotYet(check.Finding{Say: "Nobody uses " + context + ".", Want: "shop sells with it", Next: "Finish step 2 first."})
		}
		names = append(names, distinct(crossing)...)
	}
	if len(names) > mostNames {
		c.NotYet(check.Finding{
			Say: "Too many names of order and product are used by others.", Got: len(names), Want: fmt.Sprintf("%d at most", mostNames), At: "shop/shop.go",
			Output: strings.Join(names, "\n"),
			Next:   "Find what shop works out from many of these names, and move that to where they live.",
		})
	}
}

// distinct is each name once, as package.Name.
func distinct(uses []gomod.Use) []string {
	var names []string
	for _, use := range uses {
		name := use.Package + "." + use.Name
		if !strings.HasPrefix(use.At, translator) && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	return names
}

// Each context compiles with nothing but its own folder.
func TestStep03_EachContextCompilesAlone(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		for _, p := range m.Below(context) {
			for _, other := range p.Imports {
				if !gomod.In(other.Path, context) {
					c.NotYet(check.Finding{
						Say: context + " does not compile alone: it needs " + other.Path + ".", Got: p.Path + " imports " + other.Path,
						Want: "imports of the standard library and of " + context, At: other.At,
						Next: "Give each context its own copy of what both need: they will not change together.",
					})
				}
			}
		}
	}
}

// The shop sells as before.
func TestStep03_TheShopSellsAsBefore(t *testing.T) { ask(t, sellsAsBefore, shopNames) }
