package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// ndjson is the media type of JSON lines. OpenAPI 3.0 has no way to say that a
// body is many values, so the schema under it is that of one line.
const ndjson = "application/x-ndjson"

// lines is the body of an import: what the body of the unary method is that
// takes the same request.
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
