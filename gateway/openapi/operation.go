package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"dataservice/gateway/fields"
	"dataservice/gateway/route"
)

// addOperation documents one route.
func (g *generator) addOperation(b route.Binding) {
	path, item := g.pathItem(b)
	text := comment(b.Method)
	service := b.Method.Parent().(protoreflect.ServiceDescriptor)
	operation := &openapi3.Operation{
		OperationID: g.operationID(b),
		Tags:        []string{g.serviceName(service)},
		Summary:     summary(text),
		Deprecated:  b.Method.Options().(*descriptorpb.MethodOptions).GetDeprecated(),
		Parameters:  g.queryParameters(b),
		Responses:   openapi3.NewResponsesWithCapacity(16),
	}
	if text != operation.Summary+"." && text != operation.Summary {
		operation.Description = text
	}
	if b.Method.IsStreamingClient() {
		operation.RequestBody = &openapi3.RequestBodyRef{Value: g.lines(b)}
	} else if b.HasBody {
		operation.RequestBody = &openapi3.RequestBodyRef{
			Value: openapi3.NewRequestBody().WithRequired(true).WithJSONSchemaRef(g.body(b)),
		}
	}
	g.addConditions(b, operation)
	addIdempotencyKey(b, operation)
	g.addAnswers(b, operation)
	g.addErrors(b, operation)
	item.SetOperation(b.Verb, operation)
	g.document.Paths.Set(path, item)
}

// body returns the schema of a route's body.
func (g *generator) body(b route.Binding) *openapi3.SchemaRef {
	message := b.BodyMessage()
	if message == nil {
		schema, _ := g.field(b.Body)
		return schema
	}
	v := variant{patch: b.Verb == "PATCH"}
	for _, name := range b.Path.Fields() {
		field := fields.ByPath(b.Method.Input(), name).Last()
		if field.Parent() == message && !v.patch && g.isChosenKey(field) {
			v.inPath = field
		}
		if field.Parent() == message && !v.patch && slices.Contains(behaviors(field), annotations.FieldBehavior_REQUIRED) {
			v.without = field
		}
	}
	return g.message(message, v)
}

// operationID returns the names of service and method, with a number for the
// second and later routes of a method.
func (g *generator) operationID(b route.Binding) string {
	id := g.serviceName(b.Method.Parent().(protoreflect.ServiceDescriptor)) + "_" + string(b.Method.Name())
	if b.Index > 0 {
		id += strconv.Itoa(b.Index + 1)
	}
	return id
}

// is reports whether a method is one of the standard methods with the given
// prefix (AIP-130).
func is(b route.Binding, prefix string) bool {
	return strings.HasPrefix(string(b.Method.Name()), prefix)
}

// hasVersion reports whether the answer or the request of a route has an etag.
func hasVersion(b route.Binding) bool {
	if b.Method.IsStreamingServer() {
		return false
	}
	if b.Method.Output().Fields().ByName("etag") != nil || b.Method.Input().Fields().ByName("etag") != nil {
		return true
	}
	return b.BodyMessage() != nil && b.BodyMessage().Fields().ByName("etag") != nil
}

// answersVersion reports whether a route's answer has an ETag.
func answersVersion(b route.Binding) bool {
	return hasVersion(b) && b.Method.Output().Fields().ByName("etag") != nil
}

// addConditions documents the headers of conditional requests.
func (g *generator) addConditions(b route.Binding, operation *openapi3.Operation) {
	if !hasVersion(b) || is(b, "Create") || is(b, "List") {
		return
	}
	add := func(name, description string) {
		operation.AddParameter(openapi3.NewHeaderParameter(name).WithSchema(openapi3.NewStringSchema()).WithDescription(description))
	}
	switch {
	case b.Verb == "GET":
		add("If-None-Match", "ETags that the client has: 304 if the resource is still one of them.")
	default:
		add("If-Match", "ETags of which the resource must have one, or `*` for any: otherwise 412.")
		if is(b, "Upsert") {
			add("If-None-Match", "`*`: create only, 412 if the resource is there.")
		}
	}
}

// maxRequestID is the length of the longest request_id that the server accepts.
const maxRequestID = 128

// takesRequestID reports whether a route's request has a request_id (AIP-155).
// Each line of an import may have one, but not the import.
func takesRequestID(b route.Binding) bool {
	return isWrite(b) && !b.Method.IsStreamingClient() && b.Method.Input().Fields().ByName("request_id") != nil
}

// addIdempotencyKey documents the header that sets request_id.
func addIdempotencyKey(b route.Binding, operation *openapi3.Operation) {
	if !takesRequestID(b) {
		return
	}
	schema := openapi3.NewStringSchema().WithMinLength(1).WithMaxLength(maxRequestID)
	operation.AddParameter(openapi3.NewHeaderParameter("Idempotency-Key").WithSchema(schema).
		WithDescription("Names this request, as requestId does: sent again, it is carried out once, and answered as the first time."))
}

// addAnswers documents the successful responses.
func (g *generator) addAnswers(b route.Binding, operation *openapi3.Operation) {
	if b.Method.Output().FullName() == "google.protobuf.Empty" {
		operation.Responses.Set("204", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("Done.")})
		return
	}
	if b.Method.IsStreamingServer() {
		rows := openapi3.NewResponse().WithDescription("One a line, until the connection is closed cleanly.").
			WithContent(openapi3.NewContentWithSchemaRef(g.message(b.Method.Output(), variant{}), []string{ndjson}))
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: rows})
		return
	}
	answer := func(description string) *openapi3.Response {
		schema := g.message(b.Method.Output(), variant{})
		if b.Answer != nil {
			schema, _ = g.field(b.Answer)
		}
		response := openapi3.NewResponse().WithDescription(description).WithJSONSchemaRef(schema)
		response.Headers = openapi3.Headers{}
		if answersVersion(b) {
			response.Headers["ETag"] = header("The version of the resource, in double quotes.")
		}
		return response
	}
	if is(b, "Create") || is(b, "Upsert") {
		created := answer("Created.")
		created.Headers["Location"] = header("Where the new resource is read.")
		operation.Responses.Set("201", &openapi3.ResponseRef{Value: created})
	}
	if !is(b, "Create") {
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: answer("Done.")})
	}
	if b.Verb == "GET" && answersVersion(b) {
		unchanged := openapi3.NewResponse().WithDescription("Unchanged since the version in If-None-Match.")
		operation.Responses.Set("304", &openapi3.ResponseRef{Value: unchanged})
	}
}

func header(description string) *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: description, Schema: openapi3.NewStringSchema().NewRef(),
	}}}
}
