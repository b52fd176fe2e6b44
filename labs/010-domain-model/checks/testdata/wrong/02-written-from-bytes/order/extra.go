package order

import "encoding/json"

// UnmarshalJSON reads an order that was kept as JSON.
func (o *Order) UnmarshalJSON(data []byte) error {
	var kept struct {
		ID     string
		Status Status
	}
	if err := json.Unmarshal(data, &kept); err != nil {
		return err
	}
	o.id, o.status = kept.ID, kept.Status
	return nil
}
