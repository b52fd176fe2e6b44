package console

import (
	"encoding/json"
	"io"

	"cnalab/labs"
)

// JSONList writes the reports of all labs as a list, even where all is one.
func JSONList(w io.Writer, reports []labs.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(append([]labs.Report{}, reports...))
}
