//go:build lab

package checks

import (
	"fmt"
	"math/rand/v2"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// named is an item with the name that step 6 gives it.
type named struct {
	ProductID, Name string
	Price           money
}

func (i named) String() string { return fmt.Sprintf("%s %q at %s", i.ProductID, i.Name, i.Price) }

// namedLines are the items of lines.
type namedLines []struct{ Item named }

func (l namedLines) first() string {
	if len(l) == 0 {
		return "no line"
	}
	return l[0].Item.String()
}

func newProduct(c *gomod.Child, sku, title string, price float64) gomod.Value {
	p, err := c.Call("product.New", sku, title, price)
	accept(c, fmt.Sprintf("product.New(%q, %q, %g)", sku, title, price), err)
	return p
}

// translated is the item of a product, and what can be seen of it.
func translated(c *gomod.Child, p gomod.Value) (gomod.Value, named) {
	i, err := c.Call("catalog.Item", p)
	var of struct {
		SKU   string
		Price float64
	}
	p.Read(&of)
	accept(c, fmt.Sprintf("catalog.Item of %s at %g EUR", of.SKU, of.Price), err)
	var got named
	i.Read(&got)
	return i, got
}

func translates(c *gomod.Child) {
	translatesCents(c)
	translatesWhatIs(c)
}

// translatesWhatIs has products change at random, and others of the same SKU
// made: an item says what its product is now, whatever was asked before.
func translatesWhatIs(c *gomod.Child) {
	r := rand.New(rand.NewPCG(1, 0))
	skus, titles, cents := []string{"tea", "Tea-0042/1 kg"}, []string{"Green tea", "Sencha", longTitle, longTitle + " (2)"}, []int64{435, 520}
	var products [2]gomod.Value
	var wants [2]named
	for range 60 {
		i := r.IntN(len(products))
		sku, title, price := skus[r.IntN(len(skus))], titles[r.IntN(len(titles))], cents[r.IntN(len(cents))]
		if wants[i].ProductID == "" || r.IntN(4) == 0 {
			products[i] = newProduct(c, sku, title, float64(price)/100)
			wants[i].ProductID = sku
		} else {
			_, err := products[i].Call("Change", title, float64(price)/100)
			accept(c, calls("Change", []any{title, float64(price) / 100}), err)
		}
		wants[i].Name, wants[i].Price = title, money{price, "EUR"}
		if r.IntN(3) > 0 {
			wantItem(c, products[i], wants[i])
		}
	}
}

func wantItem(c *gomod.Child, p gomod.Value, want named) {
	if _, got := translated(c, p); got != want {
		c.NotYet(check.Finding{
			Say: "The item differs from its product.", Got: got, Want: want,
			Next: "Read the number, the title and the price of the product each time that catalog.Item is called, and keep them as they are.",
		})
	}
}

func translatesCents(c *gomod.Child) {
	for _, price := range []struct {
		euros float64
		cents int64
	}{{12, 1200}, {4.35, 435}, {0.29, 29}, {1.1, 110}, {19.99, 1999}, {64.10, 6410}, {1234.56, 123456}, {0.01, 1}, {0.006, 1}} {
		_, got := translated(c, newProduct(c, "tea", "Green tea", price.euros))
		want := fmt.Sprintf("tea %q at %d cents EUR", "Green tea", price.cents)
		if got.String() != want {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("A product of %g EUR becomes another item.", price.euros), Got: got, Want: want,
				Next: "A float64 may be a little less than the number that it shows. Round the cents instead of cutting them off.",
			})
		}
	}
	const tooMuch, range64 = "an error: an int64 does not hold that many cents", "Compare the rounded float64 with math.MaxInt64 before you convert it. For a number that does not fit, int64(…) returns no error, and the result may be any number."
	for _, refused := range []struct {
		euros      float64
		want, next string
	}{
		{1e17, tooMuch, range64},
		{1e300, tooMuch, range64},
		{0, "an error: it is not for sale yet", "In product a price of 0 means not for sale yet. Refuse it in catalog.Item."},
		{0.004, "an error: it is less than a cent", "An item at 0 cents would be free: refuse a price of less than one cent."},
	} {
		if i, err := c.Call("catalog.Item", newProduct(c, "sample", "Not for sale yet", refused.euros)); err == nil {
			var got named
			i.Read(&got)
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("catalog.Item of a product at %g EUR returned no error.", refused.euros), Got: got, Want: refused.want, Next: refused.next,
			})
		}
	}
	for _, refused := range []struct{ title, price string }{{"Infinite", "+Inf"}, {"No number", "NaN"}} { // prices that wrap/item.go gives them
		if i, err := c.Call("catalog.Item", newProduct(c, "sample", refused.title, 1)); err == nil {
			var got named
			i.Read(&got)
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("catalog.Item of a product at %s EUR returned no error.", refused.price), Got: got, Want: "an error: the price is no amount of money", Next: range64,
			})
		}
	}
}

const keepValues = "Keep the values in the item, not the product."

// keepsItems changes a product after an order for it was placed.
func keepsItems(c *gomod.Child) {
	p := newProduct(c, "tea", longTitle, 4.35)
	tea, _ := translated(c, p)
	l, err := c.Call("order.NewOrderLine", tea, 2)
	accept(c, "NewOrderLine of catalog.Item", err)
	o := place(c, "o-1", goods{Value: l})
	_, err = p.Call("Change", "Sencha", 9.99)
	accept(c, `Change("Sencha", 9.99)`, err)
	want := named{"tea", longTitle, money{435, "EUR"}}.String()
	var now struct {
		Lines namedLines
		Total money
	}
	o.Read(&now)
	if got := now.Lines.first(); got != want {
		c.NotYet(check.Finding{Say: "A placed order changes with the product.", Got: got, Want: want, Next: keepValues})
	}
	if got := now.Total.String(); got != "870 cents EUR" {
		c.NotYet(check.Finding{Say: "The total of a placed order changes with the product.", Got: got, Want: "870 cents EUR", Next: keepValues})
	}
	keepsItemsOfEvents(c, o, want)
	wantItem(c, p, named{"tea", "Sencha", money{999, "EUR"}})
}

func keepsItemsOfEvents(c *gomod.Child, o gomod.Value, want string) {
	var now struct {
		Events []struct {
			Type  gomod.TypeName
			Lines *namedLines
		}
	}
	o.Read(&now)
	for _, e := range now.Events {
		if e.Type != "order.OrderPlaced" {
			continue
		}
		var got string
		if e.Lines != nil {
			got = e.Lines.first()
		}
		if got != want {
			c.NotYet(check.Finding{Say: "OrderPlaced changes with the product.", Got: got, Want: want, Next: keepValues})
		}
	}
}
