// One day in the shop: goods come in, somebody buys, goods get dearer.
package main

import (
	"fmt"
	"log"

	"shop/shop"
)

func main() {
	s := shop.Open()
	check(s.Deliver("cup", "Cup", 12.00, 4))
	check(s.Deliver("tea", "Green tea", 4.35, 10))

	receipt, err := s.Buy("1001", map[string]int{"tea": 2, "cup": 1})
	check(err)
	fmt.Println(receipt)

	check(s.Deliver("tea", "Sencha, first harvest", 5.20, 10))
	receipt, err = s.Receipt("1001")
	check(err)
	fmt.Println("The same order, printed again after the tea got dearer:")
	fmt.Println(receipt)

	check(s.Ship("1001"))
	fmt.Println("Cancel what is on its way:", s.Cancel("1001"))
	fmt.Println("Tea on the shelf:", s.Left("tea"))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
