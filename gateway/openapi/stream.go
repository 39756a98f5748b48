package openapi

import (
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/request"
)

// linesBody returns the body of an import.
func (g *generator) linesBody(b boundMethod) *openapi3.RequestBody {
	line := b.Method.Input().Fields().ByName(protoreflect.Name(b.method.GetBody())).Message()
	return openapi3.NewRequestBody().
		WithDescription("JSON lines: each line is the JSON object of one resource. A body without lines creates nothing.").
		WithContent(g.lines(line, g.requestExample(line, variant{})))
}

// linesAnswer returns the answer of an export.
func (g *generator) linesAnswer(b boundMethod) *openapi3.Response {
	row := b.Method.Output()
	return openapi3.NewResponse().WithDescription("JSON lines: each line is the JSON object of one row.").
		WithContent(g.lines(row, g.answerExample(row)))
}

// lines returns the content of JSON lines. OpenAPI 3.0 can describe one JSON value only, so
// that the body is binary, which clients can stream; the extension names the schema of each
// line, as itemSchema does in OpenAPI 3.2.
func (g *generator) lines(line protoreflect.MessageDescriptor, example any) openapi3.Content {
	schema := g.message(line, variant{})
	found := &openapi3.MediaType{
		Schema:     described(openapi3.NewStringSchema().WithFormat("binary"), "JSON lines of "+schema.Ref[len(schemaPath):]+".").NewRef(),
		Extensions: map[string]any{"x-item-schema": map[string]string{"$ref": schema.Ref}},
	}
	if text, err := json.Marshal(example); err == nil && example != nil {
		found.Example = string(text) + "\n"
	}
	return openapi3.Content{request.LinesType: found}
}
