// Package fields finds the fields of Protobuf messages by the names that
// clients use for them.
package fields

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Path leads from a message to a field, which is the last element. Each element
// before the last is a singular message field.
type Path []protoreflect.FieldDescriptor

// Last returns the field that the path leads to.
func (p Path) Last() protoreflect.FieldDescriptor { return p[len(p)-1] }

// String returns the proto names of the path, separated by dots.
func (p Path) String() string {
	names := make([]string, len(p))
	for i, field := range p {
		names[i] = string(field.Name())
	}
	return strings.Join(names, ".")
}

// ByName finds a field by its proto name or its JSON name. It returns nil if
// the message has no such field.
func ByName(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := message.Fields().ByName(protoreflect.Name(name)); field != nil {
		return field
	}
	return message.Fields().ByJSONName(name)
}

// ByPath resolves a path of proto or JSON names, separated by dots. It returns
// nil if one of the names is not a field, or if one before the last is not a
// singular message.
func ByPath(message protoreflect.MessageDescriptor, names string) Path {
	var path Path
	for name := range strings.SplitSeq(names, ".") {
		if message == nil {
			return nil
		}
		field := ByName(message, name)
		if field == nil {
			return nil
		}
		path = append(path, field)
		message = nil
		if !field.IsList() && !field.IsMap() {
			message = field.Message()
		}
	}
	return path
}

// ByMaskName finds a field by its name in a field mask, with the rules of the
// server: the proto name, the JSON name, the proto name in lowerCamelCase, or
// the JSON name in snake_case. It returns nil if there is none.
func ByMaskName(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := ByName(message, name); field != nil {
		return field
	}
	all := message.Fields()
	for i := range all.Len() {
		if field := all.Get(i); camelCase(string(field.Name())) == name {
			return field
		}
	}
	for i := range all.Len() {
		if field := all.Get(i); SnakeCase(field.JSONName()) == name {
			return field
		}
	}
	return nil
}

// SnakeCase replaces each capital letter with an underscore and the small
// letter. It leaves text in backquotes as it is, because that is a key and not
// the name of a field (AIP-161).
func SnakeCase(path string) string {
	var b strings.Builder
	quoted := false
	for _, c := range []byte(path) {
		if c == '`' {
			quoted = !quoted
		}
		if 'A' <= c && c <= 'Z' && !quoted {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// camelCase returns the default JSON name of a field with this proto name.
func camelCase(name string) string {
	var b strings.Builder
	up := false
	for _, c := range []byte(name) {
		switch {
		case c == '_':
			up = true
			continue
		case up && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		up = false
		b.WriteByte(c)
	}
	return b.String()
}

// HasOwnJSON reports whether ProtoJSON defines a JSON form of its own for the
// message, instead of an object with the message's fields.
func HasOwnJSON(message protoreflect.MessageDescriptor) bool {
	return message.ParentFile().Package() == "google.protobuf"
}
