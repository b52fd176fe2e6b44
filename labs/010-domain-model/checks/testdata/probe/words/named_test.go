package probe

import (
	"reflect"

	order "shop/order"
)

// named gives the item a name where items have one, as they do from step 5 on.
func named(item order.Item) order.Item {
	value := reflect.ValueOf(&item).Elem()
	if value.Kind() != reflect.Struct {
		return item
	}
	if name := value.FieldByName("Name"); name.IsValid() && name.Kind() == reflect.String {
		name.SetString("the name of " + item.ProductID)
	}
	return item
}
