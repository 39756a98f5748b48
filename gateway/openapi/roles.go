package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Formats of texts. A pattern alone does not describe them. tests/openapi/hooks.py has values
// of each.
const (
	formatFieldMask   = "field-mask"  // AIP-161
	formatPageToken   = "page-token"  // AIP-158
	formatFilter      = "filter"      // AIP-160
	formatOrderBy     = "order-by"    // AIP-132
	formatEntityTags  = "entity-tags" // RFC 9110, 13.1.1
	formatPreferences = "preferences" // RFC 7240, 2
)

// uuidOrEmpty matches a UUID and an empty text, which does not restrict a list.
const uuidOrEmpty = "^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"

// applyRole adds to the schema of a request field what follows from its role.
func (g *generator) applyRole(field protoreflect.FieldDescriptor, schema *openapi3.Schema) {
	switch g.usage.roles[field.FullName()] {
	case rolePageSize:
		schema.WithMin(0)
	case rolePageToken:
		schema.Format, schema.Pattern = formatPageToken, ""
	case roleFilter:
		schema.Format, schema.Pattern = formatFilter, ""
	case roleOrderBy:
		schema.Format, schema.Pattern = formatOrderBy, ""
	case roleKey:
		g.applyKey(field, schema)
	case roleEquality:
		stored := g.storedSchema(field)
		if stored.Format == "uuid" {
			schema.Pattern = uuidOrEmpty
		}
		schema.Example = stored.Example
	case roleElements:
		schema.WithMaxItems(int64(g.contract.Limits().GetBatchSize()))
	}
}

// applyKey gives a key, or each key of a list, the rules of the key of the resource.
func (g *generator) applyKey(field protoreflect.FieldDescriptor, schema *openapi3.Schema) {
	if g.usage.stored[field.FullName()] == nil {
		return
	}
	stored := g.storedSchema(field)
	if !field.IsList() {
		*schema = *stored
		return
	}
	schema.Items = stored.NewRef()
	schema.WithMaxItems(int64(g.contract.Limits().GetBatchSize()))
}

// storedSchema returns the schema of the resource's field that a request field is compared
// with.
func (g *generator) storedSchema(field protoreflect.FieldDescriptor) *openapi3.Schema {
	stored := g.usage.stored[field.FullName()]
	schema := g.value(stored)
	if schema.Value == nil { // a message is compared with nothing
		return openapi3.NewSchema()
	}
	g.rules.apply(stored, schema.Value)
	refuseZero(stored, schema.Value)
	return schema.Value
}
