package openapi

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// variant is a form of a message's schema.
type variant struct {
	// patch is for a PATCH: no field is required, and null removes a value.
	patch bool
	// partial is for an update in a batch: no field is required.
	partial bool
	// masked is for an answer with a read mask: it can lack every field.
	masked bool
	// without is a field that the path fills and the body does not have.
	without protoreflect.FieldDescriptor
	// inPath is a key in the path, which the body may repeat.
	inPath protoreflect.FieldDescriptor
}

func (v variant) suffix() string {
	switch {
	case v.patch:
		return "Patch"
	case v.partial:
		return "Partial"
	case v.masked:
		return "View"
	case v.without != nil:
		name := v.without.JSONName()
		return "Without" + strings.ToUpper(name[:1]) + name[1:]
	case v.inPath != nil:
		return "WithKeyInPath"
	}
	return ""
}

// message returns a reference to a message's schema, which it adds if it does not
// exist.
func (g *generator) message(message protoreflect.MessageDescriptor, v variant) *openapi3.SchemaRef {
	if schema := wellKnown(message); schema != nil {
		return schema.NewRef()
	}
	name, isNew := g.names.component(message, v.suffix())
	if isNew {
		schema := openapi3.NewObjectSchema()
		g.document.Components.Schemas[name] = schema.NewRef() // first, for messages within themselves
		g.fillMessage(schema, message, v)
	}
	return openapi3.NewSchemaRef(schemaPath+name, nil)
}

// schemaPath is the beginning of a reference to a schema.
const schemaPath = "#/components/schemas/"

func (g *generator) fillMessage(schema *openapi3.Schema, message protoreflect.MessageDescriptor, v variant) {
	schema.Description = comment(message)
	if v.patch {
		schema.Description = strings.TrimSpace(schema.Description + " What is left out stays as it is; null clears.")
	}
	if v.partial {
		schema.Description = strings.TrimSpace(schema.Description + " What the update mask does not name may be left out.")
	}
	if v.masked {
		schema.Description = strings.TrimSpace(schema.Description + " If the request has a read mask, only the fields that it names.")
	}
	schema.Properties = openapi3.Schemas{}
	closed := false
	schema.AdditionalProperties.Has = &closed
	entire := g.usage.isEntireAnswer(message)
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if field == v.without || g.usage.roles[field.FullName()] == roleRequestID {
			continue
		}
		property, required := g.field(field)
		if v.patch {
			property = g.patched(field, property)
		}
		required = required || (field != v.inPath && g.isChosenKey(field))
		switch {
		case v.patch && !required, !v.patch && !v.masked && !required && g.acceptsNull(field):
			property = nullable(property)
		case v.partial && g.isKey(field), !v.patch && !v.partial && !v.masked && (required || entire && !field.HasPresence()):
			schema.Required = append(schema.Required, field.JSONName())
		}
		schema.Properties[field.JSONName()] = property
	}
}

// field returns the schema of a message's field, and whether a request must have
// it.
func (g *generator) field(field protoreflect.FieldDescriptor) (schema *openapi3.SchemaRef, required bool) {
	switch {
	case field.IsMap():
		object := openapi3.NewObjectSchema()
		object.AdditionalProperties.Schema = g.value(field.MapValue())
		schema = object.NewRef()
	case field.IsList():
		array := openapi3.NewArraySchema()
		array.Items = g.value(field)
		schema = array.NewRef()
	default:
		schema = g.value(field)
	}
	required = g.rules.apply(field, schema.Value)
	g.applyRole(field, schema.Value)
	behaviors := behaviors(field)
	if slices.Contains(behaviors, annotations.FieldBehavior_REQUIRED) {
		required = true
		refuseZero(field, schema.Value)
	}
	readOnly := slices.Contains(behaviors, annotations.FieldBehavior_OUTPUT_ONLY)
	description := comment(field)
	if slices.Contains(behaviors, annotations.FieldBehavior_IMMUTABLE) {
		description = strings.TrimSpace(description + " Cannot be changed.")
	}
	deprecated := field.Options().(*descriptorpb.FieldOptions).GetDeprecated()
	if description != "" || readOnly || deprecated {
		schema = decorated(schema)
		schema.Value.Description, schema.Value.ReadOnly, schema.Value.Deprecated = description, readOnly, deprecated
	}
	return schema, required && !readOnly
}

// patched returns the schema of a field in a merge patch, where objects merge.
func (g *generator) patched(field protoreflect.FieldDescriptor, whole *openapi3.SchemaRef) *openapi3.SchemaRef {
	var schema *openapi3.SchemaRef
	switch {
	case field.IsMap():
		object := openapi3.NewObjectSchema()
		object.AdditionalProperties.Schema = nullable(g.patchedValue(field.MapValue()))
		schema = object.NewRef()
	case field.Message() != nil && !field.IsList():
		schema = g.patchedValue(field)
	default:
		return whole
	}
	if whole.Value != nil && (whole.Value.Description != "" || whole.Value.ReadOnly || whole.Value.Deprecated) {
		schema = decorated(schema)
		schema.Value.Description = whole.Value.Description
		schema.Value.ReadOnly, schema.Value.Deprecated = whole.Value.ReadOnly, whole.Value.Deprecated
	}
	return schema
}

// patchedValue returns the schema of one value in a merge patch.
func (g *generator) patchedValue(field protoreflect.FieldDescriptor) *openapi3.SchemaRef {
	if message := field.Message(); message != nil && !g.contract.IsOneValue(message) {
		return g.message(message, variant{patch: true})
	}
	return g.value(field)
}

// acceptsNull reports whether a request can have null as the value of a field, which means
// that the field is absent (request.acceptsNull).
func (g *generator) acceptsNull(field protoreflect.FieldDescriptor) bool {
	return field.HasPresence() && g.usage.requested[field.ContainingMessage().FullName()] &&
		!slices.Contains(behaviors(field), annotations.FieldBehavior_OUTPUT_ONLY)
}

// isKey reports whether a field is the key of a resource.
func (g *generator) isKey(field protoreflect.FieldDescriptor) bool {
	resource := g.contract.Resource(field.ContainingMessage())
	return resource != nil && resource.GetKey() == string(field.Name())
}

// isChosenKey reports whether a field is a key that the client chooses, because the
// server does not create it.
func (g *generator) isChosenKey(field protoreflect.FieldDescriptor) bool {
	return g.isKey(field) && !g.contract.Resource(field.ContainingMessage()).GetGeneratedKey()
}

// noNUL matches the texts that the database can store.
const noNUL = `^[^\x00]*$`

// value returns the schema of one value of a field in ProtoJSON.
func (g *generator) value(field protoreflect.FieldDescriptor) *openapi3.SchemaRef {
	if field.Message() != nil {
		return g.message(field.Message(), variant{
			partial: g.usage.changed[field.FullName()], masked: g.usage.masked[field.FullName()],
		})
	}
	schema := scalar(field)
	if field.Kind() == protoreflect.StringKind && g.usage.requested[field.ContainingMessage().FullName()] {
		schema.Pattern = noNUL
	}
	return schema.NewRef()
}

// scalar returns the schema of a value that is no message.
func scalar(field protoreflect.FieldDescriptor) *openapi3.Schema {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return openapi3.NewBoolSchema()
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return openapi3.NewInt32Schema()
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return openapi3.NewInt64Schema().WithMin(0).WithMax(1<<32 - 1)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return openapi3.NewStringSchema().WithFormat("int64").WithPattern("^-?[0-9]+$")
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return openapi3.NewStringSchema().WithFormat("uint64").WithPattern("^[0-9]+$")
	case protoreflect.FloatKind:
		return openapi3.NewFloat64Schema().WithFormat("float")
	case protoreflect.DoubleKind:
		return openapi3.NewFloat64Schema().WithFormat("double")
	case protoreflect.BytesKind:
		return openapi3.NewStringSchema().WithFormat("byte")
	case protoreflect.EnumKind:
		schema := openapi3.NewStringSchema()
		values := field.Enum().Values()
		for i := range values.Len() {
			schema.Enum = append(schema.Enum, string(values.Get(i).Name()))
		}
		return schema
	default:
		return openapi3.NewStringSchema()
	}
}

// decorated returns a schema that can have a description: in OpenAPI 3.0 a
// reference cannot.
func decorated(schema *openapi3.SchemaRef) *openapi3.SchemaRef {
	if schema.Ref == "" {
		return schema
	}
	return (&openapi3.Schema{AllOf: openapi3.SchemaRefs{schema}}).NewRef()
}

// nullable returns a schema that also accepts null. A schema without a type accepts it already;
// with a reference it needs the type, which is that of a message, for nullable to have a meaning
// (OpenAPI 3.0.3, 4.7.24.1).
func nullable(schema *openapi3.SchemaRef) *openapi3.SchemaRef {
	schema = decorated(schema)
	switch {
	case schema.Value.AllOf != nil:
		schema.Value.Type = &openapi3.Types{openapi3.TypeObject}
	case schema.Value.Type == nil:
		return schema
	}
	schema.Value.Nullable = true
	if schema.Value.Enum != nil {
		schema.Value.Enum = append(schema.Value.Enum, nil)
	}
	return schema
}

func behaviors(field protoreflect.FieldDescriptor) []annotations.FieldBehavior {
	found, _ := proto.GetExtension(field.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	return found
}
