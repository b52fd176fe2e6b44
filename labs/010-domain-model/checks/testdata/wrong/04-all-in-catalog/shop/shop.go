package shop

import "shop/catalog"

type Shop = catalog.Shop

func Open() *Shop { return catalog.Open() }
