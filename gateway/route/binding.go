package route

import (
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
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
	// Variables are the request fields that the path fills, in the order of
	// Path.Fields.
	Variables []fields.Path
	// HasBody reports whether the rule names a body. Body is then the request
	// field that the body fills; nil if it fills the entire request ("*").
	HasBody bool
	Body    protoreflect.FieldDescriptor
	// Answer is the only field of the answer that the client receives
	// (response_body); nil if the client receives the entire message.
	Answer protoreflect.FieldDescriptor
}

// Bindings returns a method's rules in their order. It returns none if the method
// has none, and an error if a rule does not fit the method.
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
	b := Binding{Method: method, HasBody: rule.GetBody() != ""}
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
	for _, name := range b.Path.Fields() {
		field := fields.ByPath(method.Input(), name)
		if field == nil {
			return b, fmt.Errorf("path %q names %q, which %s does not have", path, name, method.Input().FullName())
		}
		if field.Last().IsList() || field.Last().IsMap() {
			return b, fmt.Errorf("path %q names %q of %s, which has more than one value", path, name, method.Input().FullName())
		}
		b.Variables = append(b.Variables, field)
	}
	if name := rule.GetBody(); b.HasBody && name != "*" {
		if b.Body = fields.ByName(method.Input(), name); b.Body == nil {
			return b, fmt.Errorf("body %q is no field of %s", name, method.Input().FullName())
		}
	}
	if name := rule.GetResponseBody(); name != "" {
		if b.Answer = fields.ByName(method.Output(), name); b.Answer == nil {
			return b, fmt.Errorf("response_body %q is no field of %s", name, method.Output().FullName())
		}
	}
	return b, nil
}

// BodyMessage returns the type of the message in the body; nil if there is no
// body or it is not a message.
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

// Taken reports whether the path or the body fills the field or a part of it,
// so that the query may not. field is a path of proto names.
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
