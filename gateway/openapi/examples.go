package openapi

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/gen/engine"
)

// Values of fields that the server sets. The etag is that of the time.
const (
	exampleTime = "2026-11-29T10:15:30.123456Z"
	exampleETag = "e3216691d176c0"
)

// exampleDepth is how many messages within messages an example has at most.
const exampleDepth = 4

// requestExample returns an example of a body, from the examples of the contract's fields;
// nil if a required field has none. It has no fields that the server sets.
func (g *generator) requestExample(message protoreflect.MessageDescriptor, v variant) any {
	if v.patch {
		return g.patchExample(message)
	}
	return g.example(message, v, true, 0)
}

// answerExample returns an example of an answer, as requestExample does for a body.
func (g *generator) answerExample(message protoreflect.MessageDescriptor) any {
	return g.example(message, variant{}, false, 0)
}

// patchExample returns a change of the last field that a client can change.
func (g *generator) patchExample(message protoreflect.MessageDescriptor) any {
	for i := message.Fields().Len() - 1; i >= 0; i-- {
		field := message.Fields().Get(i)
		if g.isKey(field) || !g.isWritten(field, variant{patch: true}) || field.Message() != nil {
			continue
		}
		if schema, _ := g.field(field); schema.Value.Example != nil {
			return map[string]any{field.JSONName(): schema.Value.Example}
		}
	}
	return nil
}

func (g *generator) example(message protoreflect.MessageDescriptor, v variant, isRequest bool, depth int) any {
	if schema := wellKnown(message); schema != nil {
		return schema.Example
	}
	if depth > exampleDepth {
		return nil
	}
	found := map[string]any{}
	entire := g.usage.isEntireAnswer(message)
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		if isRequest && !g.isWritten(field, v) || !isRequest && g.isComputed(field) {
			continue
		}
		value, required := g.fieldExample(field, isRequest, depth)
		if value != nil {
			found[field.JSONName()] = value
		} else if required && !v.partial || !isRequest && entire && !field.HasPresence() {
			return nil
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// fieldExample returns an example of the value of a field, nil if there is none, and whether
// the field is required.
func (g *generator) fieldExample(field protoreflect.FieldDescriptor, isRequest bool, depth int) (value any, required bool) {
	schema, required := g.field(field)
	switch {
	case g.isETag(field):
		value = exampleETag
	case field.IsMap():
	case field.Message() != nil:
		value = g.example(field.Message(), variant{partial: g.usage.changed[field.FullName()]}, isRequest, depth+1)
	case field.IsList():
		value = schema.Value.Items.Value.Example
	default:
		value = schema.Value.Example
	}
	if field.IsList() && value != nil {
		value = []any{value}
	}
	return value, required
}

// isWritten reports whether the example of a request has a field.
func (g *generator) isWritten(field protoreflect.FieldDescriptor, v variant) bool {
	switch {
	case g.isETag(field), field == v.without, field == v.inPath, g.usage.roles[field.FullName()] == roleRequestID,
		slices.Contains(behaviors(field), annotations.FieldBehavior_OUTPUT_ONLY):
		return false
	}
	return !g.isKey(field) || g.isChosenKey(field) || v.partial
}

func (g *generator) isETag(field protoreflect.FieldDescriptor) bool {
	return g.contract.Resource(field.ContainingMessage()).GetEtag() == string(field.Name())
}

func (g *generator) isComputed(field protoreflect.FieldDescriptor) bool {
	return slices.Contains(g.contract.Resource(field.ContainingMessage()).GetComputed(), string(field.Name()))
}

// queryExample returns an example of a query parameter that its schema does not have; nil if
// there is none.
func (g *generator) queryExample(b boundMethod, field protoreflect.FieldDescriptor, schema *openapi3.SchemaRef) any {
	if schema.Value == nil {
		return nil
	}
	if items := schema.Value.Items; items != nil && items.Value != nil && items.Value.Example != nil {
		return []any{items.Value.Example}
	}
	if string(field.Name()) == b.method.GetReadMask() {
		return g.maskExample(b)
	}
	return nil
}

// maskExample names the first fields of a resource, without its key.
func (g *generator) maskExample(b boundMethod) any {
	message := b.Method.Output()
	if rows := message.Fields().ByName(protoreflect.Name(b.method.GetRows())); rows != nil {
		message = rows.Message()
	}
	const most = 2
	var names []string
	for i := range message.Fields().Len() {
		if field := message.Fields().Get(i); !g.isKey(field) && len(names) < most {
			names = append(names, field.JSONName())
		}
	}
	if len(names) == 0 || b.is(engine.MethodKind_METHOD_KIND_CUSTOM) {
		return nil
	}
	return strings.Join(names, ",")
}
