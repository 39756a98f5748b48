package openapi

import (
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/problem"
)

const (
	problemType = "application/problem+json"
	// Names of components.
	problemName   = "Problem"
	violationName = "Violation"
)

// problems are the errors that are documented by status.
var problems = []struct {
	status      int
	name        string
	description string
	retry       bool
	// when reports whether a route can have this answer; nil is for all routes.
	when func(b boundMethod) bool
}{
	{400, "BadRequest", "The request does not fit the contract; `errors` lists every violation.", false, nil},
	{401, "Unauthorized", "The token is missing or not valid.", false, nil},
	{403, "Forbidden", "The caller does not have the right to do this.", false, nil},
	{404, "NotFound", "The resource does not exist.", false, func(b boundMethod) bool {
		if description.IsBatch(b.method.GetKind()) {
			return !b.is(engine.MethodKind_METHOD_KIND_BATCH_CREATE)
		}
		return len(b.Path.Fields()) > 0 && !b.is(engine.MethodKind_METHOD_KIND_LIST,
			engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_UPSERT)
	}},
	{409, "Conflict", "A resource with this key or unique value exists, or a reference would be broken.", false, isWrite},
	{412, "PreconditionFailed", "The resource does not have the version that the request names.", false, func(b boundMethod) bool {
		return (b.versioned || description.IsBatch(b.method.GetKind())) &&
			!b.is(engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_LIST,
				engine.MethodKind_METHOD_KIND_BATCH_CREATE, engine.MethodKind_METHOD_KIND_BATCH_GET)
	}},
	{413, "TooLarge", "The body is too large.", false, hasBody},
	{415, "UnsupportedMediaType", "The Content-Type or the Content-Encoding of the body is not supported.", false, hasBody},
	{422, "RequestIdReused", "The Idempotency-Key was used before, with another request.", false, takesRequestID},
	{429, "TooManyRequests", "The service is busy; try again later.", true, nil},
	{503, "Unavailable", "The service cannot execute the request now. A retry is safe if the answer has Retry-After.", true, nil},
	{504, "Timeout", "The request was not answered in time.", false, nil},
}

func isWrite(b boundMethod) bool { return b.Verb != "GET" }
func hasBody(b boundMethod) bool { return b.HasBody }

// addProblems adds the schema of errors (RFC 9457).
func (g *generator) addProblems() {
	violation := openapi3.NewObjectSchema().
		WithProperty("field", described(openapi3.NewStringSchema(), "The path of the field in the JSON, or the name of a parameter or header.")).
		WithProperty("description", described(openapi3.NewStringSchema(), "What is wrong with it."))
	violation.Required = []string{"field", "description"}
	violation.Description = "One fault of a request."
	g.document.Components.Schemas[violationName] = violation.NewRef()
	form := openapi3.NewObjectSchema().
		WithProperty("type", described(openapi3.NewStringSchema().WithFormat("uri-reference"), "Leads to the description of the reason; about:blank if there is none.")).
		WithProperty("title", described(openapi3.NewStringSchema(), "The status in words.")).
		WithProperty("status", described(openapi3.NewInt32Schema(), "The status of the response.")).
		WithProperty("detail", described(openapi3.NewStringSchema(), "A sentence for people.")).
		WithProperty("code", described(openapi3.NewStringSchema(), "The name of the gRPC status code.")).
		WithProperty("reason", reason()).
		WithProperty("requestId", described(openapi3.NewStringSchema(), "The X-Request-Id of the response, which is also in the logs.")).
		WithPropertyRef("errors", described(&openapi3.Schema{
			Type: &openapi3.Types{openapi3.TypeArray}, Items: openapi3.NewSchemaRef(schemaPath+violationName, nil),
		}, "The violations of the request.").NewRef())
	form.Required = []string{"type", "title", "status", "detail", "code"}
	form.Description = "An error (RFC 9457)."
	form.Example = map[string]any{
		"type": "about:blank", "title": "Bad Request", "status": 400, "code": "INVALID_ARGUMENT",
		"detail": "The body does not fit the contract.",
		"errors": []any{map[string]any{"field": "name", "description": "must be a string"}},
	}
	g.document.Components.Schemas[problemName] = form.NewRef()
	g.document.Components.Responses["Error"] = problemResponse("Any other error.", false)
	for _, p := range problems {
		g.document.Components.Responses[p.name] = problemResponse(p.description, p.retry)
	}
	g.document.Components.Responses["Unauthorized"].Value.Headers = openapi3.Headers{
		"WWW-Authenticate": header("How to authenticate (RFC 6750)."),
	}
}

// reason returns the schema of a reason. It lists the known ones, and allows others:
// those of custom methods, and those of later versions.
func reason() *openapi3.Schema {
	var known []string
	for number := range int32(len(engine.ErrorReason_name)) {
		if r := engine.ErrorReason(number); r != problem.NoReason {
			known = append(known, r.String())
		}
	}
	schema := described(openapi3.NewStringSchema(), "Distinguishes errors with the same code.")
	schema.Extensions = map[string]any{"x-extensible-enum": known}
	return schema
}

func problemResponse(description string, retry bool) *openapi3.ResponseRef {
	schema := openapi3.NewSchemaRef(schemaPath+problemName, nil)
	response := openapi3.NewResponse().WithDescription(description).
		WithContent(openapi3.NewContentWithSchemaRef(schema, []string{problemType}))
	if retry {
		response.Headers = openapi3.Headers{"Retry-After": header("The number of seconds to wait before a retry.")}
	}
	return &openapi3.ResponseRef{Value: response}
}

func (g *generator) addErrors(b boundMethod, operation *openapi3.Operation) {
	for _, p := range problems {
		if p.when == nil || p.when(b) {
			operation.Responses.Set(strconv.Itoa(p.status), g.response(p.name))
		}
	}
	operation.Responses.Set("default", g.response("Error"))
}

func (g *generator) response(name string) *openapi3.ResponseRef {
	return &openapi3.ResponseRef{Ref: "#/components/responses/" + name, Value: g.document.Components.Responses[name].Value}
}

func described(schema *openapi3.Schema, description string) *openapi3.Schema {
	schema.Description = description
	return schema
}
