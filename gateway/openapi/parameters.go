package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
	"dataservice/gateway/limits"
)

// pathItem returns the item of a route's path. Routes that differ only in the
// names of their variables have the same item.
func (g *generator) pathItem(b boundMethod) (string, *openapi3.PathItem) {
	path, parameters := g.pathParameters(b)
	for _, known := range g.document.Paths.Keys() {
		if shape(known) != shape(path) {
			continue
		}
		item := g.document.Paths.Value(known)
		for i, parameter := range parameters {
			// Not every request repeats the rules of the resource's field.
			if old := item.Parameters[i].Value; weight(parameter.Value) > weight(old) {
				old.Schema, old.Description = parameter.Value.Schema, parameter.Value.Description
			}
		}
		return known, item
	}
	return path, &openapi3.PathItem{Parameters: parameters}
}

func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "{}" + part[strings.IndexByte(part, '}')+1:]
		}
	}
	return strings.Join(parts, "/")
}

// weight returns a number that is larger the more rules a parameter has.
func weight(parameter *openapi3.Parameter) int {
	s := parameter.Schema.Value
	n := 0
	for _, has := range []bool{s.Format != "", s.Pattern != "", s.MaxLength != nil, s.Max != nil, s.Min != nil, s.MinLength > 0} {
		n <<= 1
		if has {
			n++
		}
	}
	return n
}

// limitToTarget limits the number of keys in a query to those that the target of a request
// has room for. Keys that are longer than a UUID fill it earlier.
func limitToTarget(name string, schema *openapi3.Schema) {
	const uuidLength, others = 36, 1 << 10 // other parts of the target
	most := uint64((limits.TargetBytes - others) / (len("&=") + len(name) + uuidLength))
	if schema.MaxItems == nil || *schema.MaxItems > most {
		schema.MaxItems = &most
	}
}

// pathParameters returns a template in the syntax of OpenAPI. The name of a
// variable is the last part of its field.
func (g *generator) pathParameters(b boundMethod) (string, openapi3.Parameters) {
	var path strings.Builder
	var parameters openapi3.Parameters
	for _, segment := range b.Path.Segments {
		if segment.Field == "" {
			path.WriteString("/" + segment.Parts[0])
			continue
		}
		field := fields.ByPath(b.Method.Input(), segment.Field).Last()
		for _, part := range segment.Parts {
			if part != "*" && part != "**" {
				path.WriteString("/" + part)
				continue
			}
			path.WriteString("/{" + string(field.Name()) + "}")
			schema, _ := g.field(field)
			parameter := openapi3.NewPathParameter(string(field.Name()))
			parameter.Schema, parameter.Description = bare(schema)
			parameters = append(parameters, &openapi3.ParameterRef{Value: parameter})
		}
	}
	if b.Path.Action != "" {
		path.WriteString(":" + b.Path.Action)
	}
	return path.String(), parameters
}

// bare returns a schema without its description, which becomes that of the
// parameter.
func bare(schema *openapi3.SchemaRef) (*openapi3.SchemaRef, string) {
	if schema.Value == nil {
		return schema, ""
	}
	description := schema.Value.Description
	schema.Value.Description = ""
	return schema, description
}

// queryParameters returns the request fields that neither path nor body fills.
func (g *generator) queryParameters(b boundMethod) openapi3.Parameters {
	return g.fieldParameters(b, b.Method.Input(), "", "", 0)
}

const maxQueryDepth = 3

func (g *generator) fieldParameters(b boundMethod, message protoreflect.MessageDescriptor,
	protoPrefix, jsonPrefix string, depth int,
) openapi3.Parameters {
	var parameters openapi3.Parameters
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		path, name := protoPrefix+string(field.Name()), jsonPrefix+field.JSONName()
		isHeader := takesRequestID(b) && g.usage.roles[field.FullName()] == roleRequestID
		if b.Taken(path) || isHeader {
			continue
		}
		if nested := field.Message(); nested != nil && !field.IsMap() && wellKnown(nested) == nil {
			if !field.IsList() && depth < maxQueryDepth {
				parameters = append(parameters, g.fieldParameters(b, nested, path+".", name+".", depth+1)...)
			}
			continue
		}
		schema, required := g.field(field)
		parameter := openapi3.NewQueryParameter(name).WithRequired(required)
		parameter.Schema, parameter.Description = bare(schema)
		parameter.Example = g.queryExample(b, field, parameter.Schema)
		if g.usage.roles[field.FullName()] == roleKey && field.IsList() {
			limitToTarget(name, parameter.Schema.Value)
		}
		if field.IsMap() {
			explode := true
			parameter.Style, parameter.Explode = "deepObject", &explode
		}
		parameters = append(parameters, &openapi3.ParameterRef{Value: parameter})
	}
	return parameters
}
