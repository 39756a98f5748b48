package openapi

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/route"
)

// boundMethod is a route with what the engine has decided about its method.
type boundMethod struct {
	route.Binding
	method *engine.MethodDescription
	// versioned reports whether a request can name the version of a resource, or the
	// answer has one.
	versioned bool
}

func (g *generator) newRoute(b route.Binding, method *engine.MethodDescription) boundMethod {
	versioned := method.GetVersion() != "" || method.GetEtag() != "" ||
		g.contract.Resource(b.BodyMessage()).GetEtag() != ""
	return boundMethod{b, method, versioned && !b.Method.IsStreamingServer()}
}

// is reports whether the method is of one of the kinds.
func (b boundMethod) is(kinds ...engine.MethodKind) bool {
	return slices.Contains(kinds, b.method.GetKind())
}

// addOperation documents one route.
func (g *generator) addOperation(b boundMethod) {
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
	g.addIdempotencyKey(b, operation)
	g.addAnswers(b, operation)
	g.addErrors(b, operation)
	item.SetOperation(b.Verb, operation)
	g.document.Paths.Set(path, item)
}

// body returns the schema of a route's body.
func (g *generator) body(b boundMethod) *openapi3.SchemaRef {
	message := b.BodyMessage()
	if message == nil {
		schema, _ := g.field(b.Body)
		return schema
	}
	v := variant{patch: b.Verb == "PATCH"}
	for _, variable := range b.Variables {
		field := variable.Last()
		if field.Parent() == message && !v.patch && g.isChosenKey(field) {
			v.inPath = field
		}
		if field.Parent() == message && !v.patch && slices.Contains(behaviors(field), annotations.FieldBehavior_REQUIRED) {
			v.without = field
		}
	}
	return g.message(message, v)
}

// operationID returns the name of the service and of the method, and a number for
// the second and later routes of the method.
func (g *generator) operationID(b boundMethod) string {
	id := g.serviceName(b.Method.Parent().(protoreflect.ServiceDescriptor)) + "_" + string(b.Method.Name())
	if b.Index > 0 {
		id += strconv.Itoa(b.Index + 1)
	}
	return id
}

// addConditions documents the headers of conditional requests.
func (g *generator) addConditions(b boundMethod, operation *openapi3.Operation) {
	if !b.versioned || b.is(engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_LIST) {
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
		if b.is(engine.MethodKind_METHOD_KIND_UPSERT) {
			add("If-None-Match", "`*`: create only, 412 if the resource is there.")
		}
	}
}

// takesRequestID reports whether a request of the route can have a request_id
// (AIP-155). Each line of an import can have one; the import cannot.
func takesRequestID(b boundMethod) bool { return isWrite(b) && b.method.GetRequestId() != "" }

// addIdempotencyKey documents the header that the gateway uses as request_id.
func (g *generator) addIdempotencyKey(b boundMethod, operation *openapi3.Operation) {
	if !takesRequestID(b) {
		return
	}
	schema := openapi3.NewStringSchema().WithMinLength(1).WithMaxLength(int64(g.contract.Limits().GetRequestIdBytes()))
	operation.AddParameter(openapi3.NewHeaderParameter("Idempotency-Key").WithSchema(schema).
		WithDescription("Names this request, as requestId does: sent again, it is carried out once, and answered as the first time."))
}

// addAnswers documents the successful responses.
func (g *generator) addAnswers(b boundMethod, operation *openapi3.Operation) {
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
		if b.method.GetVersion() != "" {
			response.Headers["ETag"] = header("The version of the resource, in double quotes.")
		}
		return response
	}
	if b.method.GetCreates() {
		created := answer("Created.")
		created.Headers["Location"] = header("Where the new resource is read.")
		operation.Responses.Set("201", &openapi3.ResponseRef{Value: created})
	}
	if !b.is(engine.MethodKind_METHOD_KIND_CREATE) {
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: answer("Done.")})
	}
	if b.Verb == "GET" && b.method.GetVersion() != "" {
		unchanged := openapi3.NewResponse().WithDescription("Unchanged since the version in If-None-Match.")
		operation.Responses.Set("304", &openapi3.ResponseRef{Value: unchanged})
	}
}

func header(description string) *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: description, Schema: openapi3.NewStringSchema().NewRef(),
	}}}
}
