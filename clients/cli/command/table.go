package command

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// tableSample is the number of rows that decide the widths of a table's columns.
const tableSample = 200

// maxWidth is the largest width of a column of a table.
const maxWidth = 40

func (w *writer) writeTable(row protoreflect.Message) error {
	cells, err := w.cells(row)
	if err != nil {
		return err
	}
	for i, cell := range cells {
		// A control character of a value must not reach the terminal.
		cells[i] = strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0x7f && r < 0xa0 {
				return ' '
			}
			return r
		}, cell)
	}
	if w.waiting = append(w.waiting, cells); len(w.waiting) == tableSample {
		return w.flushTable()
	}
	return nil
}

func (w *writer) flushTable() error {
	if w.widths == nil && w.single && len(w.waiting) == 1 {
		return w.writeRecord(w.waiting[0])
	}
	if w.widths == nil && len(w.waiting) > 0 {
		header := w.header()
		w.widths = make([]int, len(header))
		for _, cells := range append(w.waiting, header) {
			for i, cell := range cells {
				w.widths[i] = min(maxWidth, max(w.widths[i], runewidth.StringWidth(cell)))
			}
		}
		for i, name := range header {
			header[i] = strings.ToUpper(name)
		}
		w.waiting = append([][]string{header}, w.waiting...)
	}
	for _, cells := range w.waiting {
		var line strings.Builder
		for i, cell := range cells {
			line.WriteString(runewidth.FillRight(runewidth.Truncate(cell, w.widths[i], "…"), w.widths[i]) + "  ")
		}
		if _, err := fmt.Fprintln(w.out, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	w.waiting = w.waiting[:0]
	return nil
}

// writeRecord writes one row with a line for each field.
func (w *writer) writeRecord(cells []string) error {
	width := 0
	for _, name := range w.header() {
		width = max(width, len(name))
	}
	for i, name := range w.header() {
		if _, err := fmt.Fprintln(w.out, strings.TrimRight(fmt.Sprintf("%-*s  %s", width, name, cells[i]), " ")); err != nil {
			return err
		}
	}
	return nil
}
