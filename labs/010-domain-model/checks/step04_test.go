//go:build lab

package checks

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// mostNames is how many exported names of order and product others may use.
// The split that only moves code needs 25 and more.
const mostNames = 22

// translator is where items are made of products (step 6): what it names of
// these does not count.
const translator = "catalog/"

// ordersAndStock are the names that no translator needs: what counts of those it
// uses.
var ordersAndStock = regexp.MustCompile(`^order\.(Order|Place|NewOrderLine|Status|Shipped|Cancelled|Event)|^product\.(New$|Product\.(Take|Receive|Change|Stock)$)`)

// moved are the names that the shop needs no more once a receipt is printed, and
// a basket taken, where the text says.
var moved = []struct{ name, of, next string }{
	{"Order.Total", "order", "Move the printing of a receipt to order."},
	{"Money.Cents", "order", "Move the printing of a receipt to order."},
	{"Money.Currency", "order", "Move the printing of a receipt to order."},
	{"Product.Take", "product", "Move taking a whole basket to product."},
	{"Order.Status", "order", "Remove what is asked twice: Ship and Cancel return an error by themselves."},
}

// Few names cross the boundaries of order and product.
func TestStep04_FewNamesCross(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	var uses []gomod.Use
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		crossing := m.Crossing(context)
		if len(crossing) == 0 {
			c.NotYet(check.Finding{Say: fmt.Sprintf("No other package uses %s.", context), Got: "no name", Want: fmt.Sprintf("a shop that sells with %s", context), Next: "Finish step 3 first."})
		}
		uses = append(uses, crossing...)
	}
	ask(t, func(c *gomod.Child) { uses = append(uses, crossed(c)...) }, shopNames)
	names := distinct(uses)
	stayedBehind(c, uses, names)
	if len(names) > mostNames {
		c.NotYet(check.Finding{
			Say: "Other packages use too many names of order and product.", Got: len(names), Want: fmt.Sprintf("%d at most", mostNames), At: "shop/shop.go",
			Output: strings.Join(names, "\n"),
			Next:   "Find what shop calculates from many of these names, and move that into the package of the names.",
		})
	}
}

// stayedBehind ends the check where others still do what is to be moved.
func stayedBehind(c *check.C, uses []gomod.Use, names []string) {
	var behind []string
	var at, next string
	for _, m := range moved {
		for _, use := range uses {
			name := m.of + "." + m.name
			if m.of == use.Package && m.name == use.Name && counts(use) && !slices.Contains(behind, name) {
				behind = append(behind, name)
				at, next = cmp.Or(at, use.At), cmp.Or(next, m.next)
			}
		}
	}
	if len(behind) > 0 {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("Work that belongs in order or product is still done outside. Other packages use %d names of order and product.", len(names)),
			Got: strings.Join(behind, ", "), Want: "none of these names outside of their package", At: at, Output: strings.Join(names, "\n"), Next: next,
		})
	}
}

// counts reports whether the name counts where it is used.
func counts(use gomod.Use) bool {
	return !strings.HasPrefix(use.At, translator) || ordersAndStock.MatchString(use.Package+"."+use.Name)
}

// distinct is each name of order and product once, as package.Name.
func distinct(uses []gomod.Use) []string {
	var names []string
	for _, use := range uses {
		name := use.Package + "." + use.Name
		if context := gomod.In(use.Package, "order") || gomod.In(use.Package, "product"); context && counts(use) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Each context compiles with nothing but its own folder.
func TestStep04_EachContextCompilesAlone(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		for _, p := range m.Below(context) {
			for _, other := range p.Imports {
				if !gomod.In(other.Path, context) {
					c.NotYet(check.Finding{
						Say: fmt.Sprintf("%s does not compile alone: it needs %s.", context, other.Path), Got: fmt.Sprintf("%s imports %s", p.Path, other.Path),
						Want: fmt.Sprintf("imports of the standard library and of %s", context), At: other.At,
						Next: "Give each context its own copy of what both need: they will not change together.",
					})
				}
			}
		}
	}
}

// The shop sells as before.
func TestStep04_TheShopSellsAsBefore(t *testing.T) { ask(t, sellsAsBefore, shopNames) }

// The shelf takes and gives back whole baskets.
func TestStep04_ABasketIsTakenAtOnce(t *testing.T) { ask(t, takesAtOnce, shopNames) }
