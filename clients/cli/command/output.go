package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
)

var forms = []string{"table", "json", "ndjson", "yaml", "csv"}

const formList = "table, json, ndjson, yaml or csv"

func checkForm(form string) error {
	if !slices.Contains(forms, form) {
		return usageError{fmt.Errorf("no output %s; it is %s", form, formList)}
	}
	return nil
}

// writer writes rows in one of the forms.
type writer struct {
	out     io.Writer
	form    string
	single  bool // one row: JSON is an object, not a list
	options protojson.MarshalOptions
	fields  []protoreflect.FieldDescriptor
	parts   parts
	count   int
	csv     *csv.Writer
	widths  []int
	waiting [][]string
}

func (c *contract) newWriter(out io.Writer, form string, r *resource, single bool, columns []string) *writer {
	w := &writer{out: out, form: form, single: single, csv: csv.NewWriter(out)}
	w.options = protojson.MarshalOptions{EmitDefaultValues: true, Resolver: c.types}
	w.fields, w.parts = selectedFields(r, columns), selectedParts(r.descriptor, columns)
	return w
}

// selectedFields returns the fields that the service returns for these paths; the computed
// ones only if they are named, or if a path is *.
func selectedFields(r *resource, paths []string) []protoreflect.FieldDescriptor {
	var fields []protoreflect.FieldDescriptor
	if len(paths) == 0 || slices.Contains(paths, "*") {
		for i := range r.descriptor.Fields().Len() {
			field := r.descriptor.Fields().Get(i)
			if len(paths) > 0 || !slices.Contains(r.computed, string(field.Name())) {
				fields = append(fields, field)
			}
		}
		return fields
	}
	for _, path := range paths {
		name, _, _ := strings.Cut(path, ".")
		if field := fieldOf(r.descriptor, name); field != nil && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

func (w *writer) write(row protoreflect.Message) error {
	w.count++
	switch w.form {
	case "table":
		return w.writeTable(row)
	case "csv":
		return w.writeCSV(row)
	}
	text, err := w.json(row)
	if err != nil {
		return err
	}
	switch {
	case w.form == "ndjson":
		_, err = fmt.Fprintf(w.out, "%s\n", text)
	case w.form == "yaml":
		err = w.writeYAML(text)
	case w.single:
		var indented bytes.Buffer
		_ = json.Indent(&indented, text, "", "  ")
		_, err = fmt.Fprintf(w.out, "%s\n", &indented)
	default:
		before := ",\n "
		if w.count == 1 {
			before = "[\n "
		}
		_, err = fmt.Fprintf(w.out, "%s%s", before, text)
	}
	return err
}

// end writes what is left.
func (w *writer) end() error {
	var err error
	switch {
	case w.form == "table":
		err = w.flushTable()
	case w.form == "csv":
		if w.count == 0 {
			_ = w.csv.Write(w.header()) // Error returns the error
		}
		w.csv.Flush()
		err = w.csv.Error()
	case w.form == "json" && !w.single && w.count == 0:
		_, err = fmt.Fprintln(w.out, "[]")
	case w.form == "json" && !w.single:
		_, err = fmt.Fprintln(w.out, "\n]")
	}
	return err
}

// values returns the values of the row's fields in ProtoJSON, by their names in JSON.
func (w *writer) values(row protoreflect.Message) (map[string]json.RawMessage, error) {
	text, err := w.options.Marshal(row.Interface())
	if err != nil {
		return nil, err
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, err
	}
	return values, w.parts.keep(values)
}

// json returns the selected fields of the row in compact ProtoJSON.
func (w *writer) json(row protoreflect.Message) ([]byte, error) {
	values, err := w.values(row)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, object(values, w.fields)) // protojson's spaces differ from run to run
	return compact.Bytes(), err
}

// object returns the values of fields, by their names in JSON, as an object in the order of the
// fields.
func object(values map[string]json.RawMessage, fields []protoreflect.FieldDescriptor) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	separator := ""
	for _, field := range fields {
		if value, present := values[field.JSONName()]; present {
			fmt.Fprintf(&out, "%s%q:%s", separator, field.JSONName(), value)
			separator = ","
		}
	}
	out.WriteByte('}')
	return out.Bytes()
}

func (w *writer) writeYAML(text []byte) error {
	var node yaml.Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return err
	}
	if err := plain(&node); err != nil {
		return err
	}
	out, err := yaml.Marshal(&node)
	if err == nil && !w.single {
		_, err = fmt.Fprint(w.out, "---\n")
	}
	if err == nil {
		_, err = w.out.Write(out)
	}
	return err
}

// plain replaces the style of JSON by the library's own; the order of the fields remains.
func plain(node *yaml.Node) error {
	node.Style = 0
	if node.Kind == yaml.ScalarNode && node.Tag == "!!str" {
		return node.Encode(node.Value) // quotes what is no string without quotes
	}
	for _, child := range node.Content {
		if err := plain(child); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) writeCSV(row protoreflect.Message) error {
	if w.count == 1 {
		if err := w.csv.Write(w.header()); err != nil {
			return err
		}
	}
	cells, err := w.cells(row)
	if err != nil {
		return err
	}
	return w.csv.Write(cells)
}

func (w *writer) header() []string {
	names := make([]string, len(w.fields))
	for i, field := range w.fields {
		names[i] = string(field.Name())
	}
	return names
}

// cells returns the values: text as it is, lists and messages in JSON, absent ones empty.
func (w *writer) cells(row protoreflect.Message) ([]string, error) {
	values, err := w.values(row)
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(w.fields))
	for i, field := range w.fields {
		value, present := values[field.JSONName()]
		if present && json.Unmarshal(value, &cells[i]) != nil {
			cells[i] = string(value)
		}
	}
	return cells, nil
}
