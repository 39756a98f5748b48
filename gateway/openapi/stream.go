package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// ndjson is the media type of JSON lines. OpenAPI 3.0 cannot describe a body of many
// values, so its schema is that of one line.
const ndjson = "application/x-ndjson"

// lines returns the body of an import: each line is a resource.
func (g *generator) lines(b boundMethod) *openapi3.RequestBody {
	line := b.Method.Input().Fields().ByName(protoreflect.Name(b.method.GetBody())).Message()
	return openapi3.NewRequestBody().WithRequired(true).WithDescription("JSON lines, one of them a line.").
		WithContent(openapi3.NewContentWithSchemaRef(g.message(line, variant{}), []string{ndjson}))
}
