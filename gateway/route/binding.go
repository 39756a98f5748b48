package route

import (
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Binding is one way to call a gRPC method over HTTP: one google.api.http rule
// or one of its additional bindings.
type Binding struct {
	Method protoreflect.MethodDescriptor
	// Index is the binding's place among those of its method, from 0.
	Index int
	// Verb is the HTTP method.
	Verb string
	Path Template
	// HasBody says that the rule names a body. Body is then the request field
	// that it fills, or nil when it is the whole request ("*").
	HasBody bool
	Body    protoreflect.FieldDescriptor
	// PartAnswered says that the rule answers one field of the message only.
	PartAnswered bool
}

// Bindings reads a method's rules, the first one first; none if it has none.
func Bindings(method protoreflect.MethodDescriptor) ([]Binding, error) {
	rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
	if rule == nil {
		return nil, nil
	}
	var bindings []Binding
	for i, r := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
		b, err := newBinding(method, r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", method.FullName(), err)
		}
		b.Index = i
		bindings = append(bindings, b)
	}
	return bindings, nil
}

func newBinding(method protoreflect.MethodDescriptor, rule *annotations.HttpRule) (Binding, error) {
	b := Binding{Method: method, HasBody: rule.GetBody() != "", PartAnswered: rule.GetResponseBody() != ""}
	var path string
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		b.Verb, path = "GET", p.Get
	case *annotations.HttpRule_Put:
		b.Verb, path = "PUT", p.Put
	case *annotations.HttpRule_Post:
		b.Verb, path = "POST", p.Post
	case *annotations.HttpRule_Patch:
		b.Verb, path = "PATCH", p.Patch
	case *annotations.HttpRule_Delete:
		b.Verb, path = "DELETE", p.Delete
	case *annotations.HttpRule_Custom:
		b.Verb, path = p.Custom.GetKind(), p.Custom.GetPath()
	default:
		return b, fmt.Errorf("an http rule names no HTTP method")
	}
	var err error
	if b.Path, err = Parse(path); err != nil {
		return b, err
	}
	for _, field := range b.Path.Fields() {
		if Field(method.Input(), field) == nil {
			return b, fmt.Errorf("path %q names %q, which %s does not have", path, field, method.Input().FullName())
		}
	}
	if b.HasBody && rule.GetBody() != "*" {
		if b.Body = Field(method.Input(), rule.GetBody()); b.Body == nil {
			return b, fmt.Errorf("body %q is no field of %s", rule.GetBody(), method.Input().FullName())
		}
	}
	return b, nil
}

// BodyMessage describes what the body's JSON holds; nil if that is no message.
func (b Binding) BodyMessage() protoreflect.MessageDescriptor {
	switch {
	case !b.HasBody:
		return nil
	case b.Body == nil:
		return b.Method.Input()
	case b.Body.IsList() || b.Body.IsMap():
		return nil
	default:
		return b.Body.Message()
	}
}

// Taken tells whether the path or the body fills the field, or a part of it,
// so that the query may not. The field is a path of proto names.
func (b Binding) Taken(field string) bool {
	if b.HasBody && (b.Body == nil || overlaps(string(b.Body.Name()), field)) {
		return true
	}
	for _, s := range b.Path.Segments {
		if s.Field != "" && overlaps(s.Field, field) {
			return true
		}
	}
	return false
}

func overlaps(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// Field finds a field by a path of names, proto or JSON, with dots between.
func Field(message protoreflect.MessageDescriptor, path string) protoreflect.FieldDescriptor {
	var field protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(path, ".") {
		if message == nil {
			return nil
		}
		if field = FieldByName(message, name); field == nil {
			return nil
		}
		message = nil
		if !field.IsList() && !field.IsMap() {
			message = field.Message()
		}
	}
	return field
}

// FieldOfMask finds a field by what a field mask calls it: as the server does,
// by its proto or its JSON name, by the lowerCamelCase of the one, or by what a
// parser of ProtoJSON makes of the other.
func FieldOfMask(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := FieldByName(message, name); field != nil {
		return field
	}
	fields := message.Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); camelCase(string(field.Name())) == name {
			return field
		}
	}
	for i := range fields.Len() {
		if field := fields.Get(i); SnakeCase(field.JSONName()) == name {
			return field
		}
	}
	return nil
}

// SnakeCase writes each capital as an underscore and the small letter, but for
// what stands in backquotes, which is no name of a field (AIP-161).
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

// camelCase is the JSON name that a field of that proto name has by default.
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

// FieldByName finds a field by its proto or its JSON name.
func FieldByName(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := message.Fields().ByName(protoreflect.Name(name)); field != nil {
		return field
	}
	return message.Fields().ByJSONName(name)
}
