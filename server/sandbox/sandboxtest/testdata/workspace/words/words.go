// Package words is what a service imports from its own module.
package words

// Product is what the product service says.
const Product = "product"
