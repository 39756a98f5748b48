package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

// resourceText describes a resource.
type resourceText struct {
	Resource    string      `json:"resource"`
	Description string      `json:"description"`
	Fields      []fieldText `json:"fields"`
}

// fieldText describes a field.
type fieldText struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Behavior    string `json:"behavior,omitempty" yaml:",omitempty"`
	Description string `json:"description"`
}

func (f fieldText) cells() []string { return []string{f.Name, f.Type, f.Behavior, f.Description} }

func (p *program) describeCommand(r *resource) *cobra.Command {
	return &cobra.Command{
		Use: "describe", Args: exactly(0), Short: "Prints the fields of the resource and what they mean",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkForm(p.output); err != nil {
				return err
			}
			return describe(r).write(cmd.OutOrStdout(), p.output)
		},
	}
}

func describe(r *resource) resourceText {
	text := resourceText{Resource: string(r.descriptor.FullName()), Description: comment(r.descriptor)}
	for i := range r.descriptor.Fields().Len() {
		field := r.descriptor.Fields().Get(i)
		text.Fields = append(text.Fields, fieldText{string(field.Name()), typeName(field), behavior(field), comment(field)})
	}
	return text
}

func (r resourceText) write(out io.Writer, form string) error {
	switch form {
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(r)
	case "yaml":
		return yaml.NewEncoder(out).Encode(r)
	case "ndjson":
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		for _, field := range r.Fields {
			if err := encoder.Encode(field); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		w := csv.NewWriter(out)
		_ = w.Write([]string{"name", "type", "behavior", "description"}) // Error returns the error
		for _, field := range r.Fields {
			_ = w.Write(field.cells())
		}
		w.Flush()
		return w.Error()
	}
	_, err := out.Write(r.table())
	return err
}

func (r resourceText) table() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s: %s\n\n", r.Resource, r.Description)
	name, kind := 0, 0
	for _, field := range r.Fields {
		name, kind = max(name, len(field.Name)), max(kind, len(field.Type))
	}
	for _, field := range r.Fields {
		fmt.Fprintf(&out, "%-*s  %-*s  %-11s  %s\n", name, field.Name, kind, field.Type, field.Behavior, field.Description)
	}
	return out.Bytes()
}
