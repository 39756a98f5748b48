package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// ndjson is the media type of JSON lines. OpenAPI 3.0 has no schema for a sequence
// of values, so the schema is that of one line.
const ndjson = "application/x-ndjson"

// lines returns the body of an import: a line has the form of the body of the
// unary method with the same request.
func (g *generator) lines(b route.Binding) *openapi3.RequestBody {
	line := lineMessage(b)
	if line == nil {
		line = b.Method.Input()
	}
	return openapi3.NewRequestBody().WithRequired(true).WithDescription("JSON lines, one of them a line.").
		WithContent(openapi3.NewContentWithSchemaRef(g.message(line, variant{}), []string{ndjson}))
}

func lineMessage(b route.Binding) protoreflect.MessageDescriptor {
	services := b.Method.ParentFile().Services()
	for i := range services.Len() {
		methods := services.Get(i).Methods()
		for j := range methods.Len() {
			if methods.Get(j).Input() != b.Method.Input() {
				continue
			}
			bindings, err := route.Bindings(methods.Get(j))
			if err == nil && len(bindings) > 0 && bindings[0].Body != nil {
				return bindings[0].BodyMessage()
			}
		}
	}
	return nil
}
