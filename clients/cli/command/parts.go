package command

import (
	"encoding/json"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// parts are the selected parts of messages, by the names of their fields in JSON: of
// --fields size.width only the part width of size. A field without parts is selected as a whole.
type parts map[string]part

type part struct {
	fields []protoreflect.FieldDescriptor
	parts  parts
}

// selectedParts returns the parts that paths select in a message.
func selectedParts(message protoreflect.MessageDescriptor, paths []string) parts {
	inside := map[string][]string{}
	for _, path := range paths {
		name, rest, nested := strings.Cut(path, ".")
		field := fieldOf(message, name)
		if nested && field != nil && field.Message() != nil && !field.IsList() && !field.IsMap() && !slices.Contains(paths, name) {
			inside[string(field.Name())] = append(inside[string(field.Name())], rest)
		}
	}
	selected := parts{}
	for name, rest := range inside {
		field := fieldOf(message, name)
		p := part{parts: selectedParts(field.Message(), rest)}
		for i := range field.Message().Fields().Len() {
			inner := field.Message().Fields().Get(i)
			if slices.ContainsFunc(rest, func(path string) bool {
				first, _, _ := strings.Cut(path, ".")
				return fieldOf(field.Message(), first) == inner
			}) {
				p.fields = append(p.fields, inner)
			}
		}
		selected[field.JSONName()] = p
	}
	return selected
}

// keep removes from the values, by the names of their fields in JSON, the parts that are not
// selected: the service does not return them, and their defaults would be wrong.
func (p parts) keep(values map[string]json.RawMessage) error {
	for name, selected := range p {
		value, present := values[name]
		if !present || value[0] != '{' {
			continue // a message that JSON writes as text, such as a time, has no parts
		}
		var inner map[string]json.RawMessage
		if err := json.Unmarshal(value, &inner); err != nil {
			return err
		}
		if err := selected.parts.keep(inner); err != nil {
			return err
		}
		values[name] = object(inner, selected.fields)
	}
	return nil
}
