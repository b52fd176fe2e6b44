package markdown

import (
	"errors"
	"html/template"
	"strings"

	"github.com/yuin/goldmark/util"
)

// chart is what a ```chart block draws: numbers that the learner has measured, from
// a CSV file of the workspace. Each line of the block is KEY: VALUE. The first column
// of the file names its rows, and each column that the block names is drawn as bars.
type chart struct {
	file    string
	caption string
	empty   string // what to do as long as there is no file; Markdown
	columns []chartColumn
}

type chartColumn struct{ name, label string }

// mostColumns is how many are drawn at most: side by side, they have no more room.
const mostColumns = 4

// readChart reads a block.
func readChart(block string) (chart, error) {
	var c chart
	for line := range strings.Lines(block) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			return chart{}, errors.New("each of its lines is KEY: VALUE")
		}
		switch value = strings.TrimSpace(value); key {
		case "file":
			c.file = value
		case "caption":
			c.caption = value
		case "empty":
			c.empty = value
		default:
			c.columns = append(c.columns, chartColumn{key, value})
		}
	}
	return c, c.fault()
}

// fault is what keeps it from being a chart.
func (c chart) fault() error {
	switch {
	case c.file == "" || strings.HasPrefix(c.file, "/") || strings.Contains(c.file, ".."):
		return errors.New("its file is one of the workspace, as in \"file: measure.csv\"")
	case c.caption == "":
		return errors.New("its caption says what is seen, as in \"caption: Pages a second\"")
	case c.empty == "":
		return errors.New("it says what to do as long as there is no file, as in \"empty: Run `go run ./measure`.\"")
	case len(c.columns) == 0 || len(c.columns) > mostColumns:
		return errors.New("it draws one to four columns of the file, as in \"reads: Pages a second\"")
	}
	return nil
}

// draw writes a chart as it is without scripts: what it will show, and what to do for
// that. A script fills in the numbers.
func draw(w util.BufWriter, block string) error {
	c, err := readChart(block)
	if err != nil {
		return err
	}
	put := func(parts ...string) {
		for _, part := range parts {
			_, _ = w.WriteString(part)
		}
	}
	escape := template.HTMLEscapeString
	put(`<figure class="chart" data-chart="`, escape(c.file), `"><figcaption>`, escape(c.caption), "</figcaption>\n")
	put(`<p class="chart-empty">`, inner(c.empty), "</p>\n", `<div class="chart-plots" hidden>`, "\n")
	for _, column := range c.columns {
		put(`<div class="chart-plot" data-column="`, escape(column.name), `"><p>`, escape(column.label), "</p></div>\n")
	}
	put("</div></figure>\n")
	return nil
}
