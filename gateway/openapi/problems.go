package openapi

import (
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/problem"
)

const problemType = "application/problem+json"

// problems are the errors that are documented by status.
var problems = []struct {
	status      int
	name        string
	description string
	retry       bool
	// when reports whether a route can have this answer; nil is for all routes.
	when func(b boundMethod) bool
}{
	{400, "BadRequest", "The request does not fit the contract; errors lists every fault.", false, nil},
	{401, "Unauthorized", "The token is missing or is not valid.", false, nil},
	{403, "Forbidden", "The caller may not do this.", false, nil},
	{404, "NotFound", "There is no such resource.", false, func(b boundMethod) bool {
		if description.IsBatch(b.method.GetKind()) {
			return !b.is(engine.MethodKind_METHOD_KIND_BATCH_CREATE)
		}
		return len(b.Path.Fields()) > 0 && !b.is(engine.MethodKind_METHOD_KIND_LIST,
			engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_UPSERT)
	}},
	{409, "Conflict", "The key exists already, or a reference or a unique value would be broken.", false, isWrite},
	{412, "PreconditionFailed", "The resource does not have the version that the request asks for.", false, func(b boundMethod) bool {
		return isWrite(b) && (b.versioned || description.IsBatch(b.method.GetKind())) &&
			!b.is(engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_BATCH_CREATE)
	}},
	{413, "TooLarge", "The body is too large.", false, hasBody},
	{415, "UnsupportedMediaType", "The body is not said to be JSON.", false, hasBody},
	{422, "RequestIdReused", "The request_id was used before, with another request.", false, takesRequestID},
	{429, "TooManyRequests", "There is too much to do; try again later.", true, nil},
	{503, "Unavailable", "The data service cannot be reached. Safe to repeat if Retry-After is there.", true, nil},
	{504, "Timeout", "There was no answer in time.", false, nil},
}

func isWrite(b boundMethod) bool { return b.Verb != "GET" }
func hasBody(b boundMethod) bool { return b.HasBody }

// addProblems adds the schema of errors (RFC 9457).
func (g *generator) addProblems() {
	violation := openapi3.NewObjectSchema().
		WithProperty("field", described(openapi3.NewStringSchema(), "Path to the fault in the JSON, or name of a parameter or header.")).
		WithProperty("description", openapi3.NewStringSchema())
	violation.Required = []string{"field", "description"}
	form := openapi3.NewObjectSchema().
		WithProperty("type", described(openapi3.NewStringSchema().WithFormat("uri-reference"), "Always about:blank.")).
		WithProperty("title", described(openapi3.NewStringSchema(), "The status in words.")).
		WithProperty("status", openapi3.NewIntegerSchema()).
		WithProperty("detail", described(openapi3.NewStringSchema(), "For people.")).
		WithProperty("code", described(openapi3.NewStringSchema(), "Name of the gRPC code.")).
		WithProperty("reason", reason()).
		WithProperty("requestId", described(openapi3.NewStringSchema(), "X-Request-Id of the response, which logs have.")).
		WithProperty("errors", openapi3.NewArraySchema().WithItems(violation))
	form.Required = []string{"type", "title", "status", "detail", "code"}
	form.Description = "An error (RFC 9457)."
	form.Example = map[string]any{
		"type": "about:blank", "title": "Bad Request", "status": 400, "code": "INVALID_ARGUMENT",
		"detail": "The body does not fit the contract.",
		"errors": []any{map[string]any{"field": "name", "description": "must be a string"}},
	}
	g.document.Components.Schemas["Problem"] = form.NewRef()
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
	schema := described(openapi3.NewStringSchema(), "Tells apart what has the same code.")
	schema.Extensions = map[string]any{"x-extensible-enum": known}
	return schema
}

func problemResponse(description string, retry bool) *openapi3.ResponseRef {
	schema := openapi3.NewSchemaRef("#/components/schemas/Problem", nil)
	response := openapi3.NewResponse().WithDescription(description).
		WithContent(openapi3.NewContentWithSchemaRef(schema, []string{problemType}))
	if retry {
		response.Headers = openapi3.Headers{"Retry-After": header("Seconds to wait before trying again.")}
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

// addSystem documents the paths that the gateway itself answers.
func (g *generator) addSystem() {
	const tag = "Gateway"
	status := openapi3.NewObjectSchema().WithProperty("status", openapi3.NewStringSchema().WithEnum("ok"))
	add := func(path, id, summary string, schema *openapi3.Schema, errors ...string) {
		ok := openapi3.NewResponse().WithDescription("Yes.").WithJSONSchema(schema)
		operation := &openapi3.Operation{
			OperationID: id, Tags: []string{tag}, Summary: summary,
			Security:  openapi3.NewSecurityRequirements(), // none, unlike the document
			Responses: openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: ok})),
		}
		operation.Responses.Set("default", g.response("Error"))
		for _, name := range errors {
			operation.Responses.Set("503", g.response(name))
		}
		g.document.Paths.Set(path, &openapi3.PathItem{Get: operation})
	}
	add("/healthz", "Gateway_Health", "Whether the gateway is alive", status)
	add("/readyz", "Gateway_Ready", "Whether a request would be served", status, "Unavailable")
	add("/openapi.json", "Gateway_OpenAPI", "This document", openapi3.NewObjectSchema().WithAnyAdditionalProperties())
	g.document.Tags = append(g.document.Tags, &openapi3.Tag{Name: tag, Description: "The gateway itself."})
}
