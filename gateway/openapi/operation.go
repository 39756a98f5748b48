package openapi

import (
	"slices"

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
	service := b.Method.Parent().(protoreflect.ServiceDescriptor)
	operation := &openapi3.Operation{
		OperationID: g.names.operation(b),
		Tags:        []string{g.names.service(service)},
		Summary:     methodSummary(b.Method),
		Description: g.methodDescription(b),
		Deprecated:  b.Method.Options().(*descriptorpb.MethodOptions).GetDeprecated(),
		Parameters:  g.queryParameters(b),
		Responses:   openapi3.NewResponsesWithCapacity(16),
	}
	if b.Method.IsStreamingClient() {
		operation.RequestBody = &openapi3.RequestBodyRef{Value: g.linesBody(b)}
	} else if b.HasBody {
		operation.RequestBody = &openapi3.RequestBodyRef{Value: g.body(b)}
	}
	g.addConditions(b, operation)
	g.addIdempotencyKey(b, operation)
	g.addPreference(b, operation)
	g.addReadPreference(b, operation)
	g.addAnswers(b, operation)
	g.addErrors(b, operation)
	item.SetOperation(b.Verb, operation)
	g.document.Paths.Set(path, item)
}

// body returns a route's body.
func (g *generator) body(b boundMethod) *openapi3.RequestBody {
	message := b.BodyMessage()
	if message == nil {
		schema, _ := g.field(b.Body)
		return openapi3.NewRequestBody().WithRequired(true).WithJSONSchemaRef(schema)
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
	return openapi3.NewRequestBody().WithRequired(true).
		WithContent(content("application/json", g.message(message, v), g.requestExample(message, v)))
}

// content returns the content of one media type with an example; nil is for none.
func content(media string, schema *openapi3.SchemaRef, example any) openapi3.Content {
	return openapi3.Content{media: &openapi3.MediaType{Schema: schema, Example: example}}
}

// addAnswers documents the successful responses.
func (g *generator) addAnswers(b boundMethod, operation *openapi3.Operation) {
	if b.Method.Output().FullName() == "google.protobuf.Empty" {
		operation.Responses.Set("204", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("Done.")})
		return
	}
	if b.Method.IsStreamingServer() {
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: g.linesAnswer(b)})
		return
	}
	if b.method.GetCreates() {
		created := g.answer(b, "Created.")
		created.Headers["Location"] = header("The path of the new resource.")
		operation.Responses.Set("201", &openapi3.ResponseRef{Value: created})
	}
	if !b.is(engine.MethodKind_METHOD_KIND_CREATE) {
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: g.answer(b, "Done.")})
	}
	if b.Verb == "GET" && b.method.GetVersion() != "" {
		unchanged := openapi3.NewResponse().WithDescription("The resource still has a version that If-None-Match lists.")
		unchanged.Headers = openapi3.Headers{"ETag": etagHeader()}
		operation.Responses.Set("304", &openapi3.ResponseRef{Value: unchanged})
	}
}

// answer returns a response with the answer of a method.
func (g *generator) answer(b boundMethod, text string) *openapi3.Response {
	message := b.Method.Output()
	schema := g.message(message, variant{masked: b.method.GetReadMask() != "" && b.method.GetRows() == ""})
	example := g.answerExample(message)
	if b.Answer != nil {
		schema, _ = g.field(b.Answer)
		example = nil
	}
	response := openapi3.NewResponse().WithDescription(text).WithContent(content("application/json", schema, example))
	response.Headers = g.answerHeaders(b)
	return response
}

// answerHeaders returns the headers of the successful responses of a route.
func (g *generator) answerHeaders(b boundMethod) openapi3.Headers {
	headers := openapi3.Headers{}
	if b.method.GetVersion() != "" {
		headers["ETag"] = etagHeader()
	}
	if b.method.GetNextPageToken() != "" {
		headers["Link"] = header("The next page, with `rel=\"next\"` (RFC 8288). The last page has none.")
	}
	if returnsRow(b) {
		headers["Preference-Applied"] = header("The preference of the request that was followed (RFC 7240).")
	}
	if isWrite(b) {
		headers["Consistency-Token"] = header("For `Consistency-Token` of later reads with `Prefer: read=eventual`. Absent where the server has no standby.")
	}
	if isRead(b) {
		headers["Preference-Applied"] = header("`read=eventual` if a standby has answered.")
	}
	return headers
}

func etagHeader() *openapi3.HeaderRef {
	return header("The version of the resource, in double quotes.")
}

func header(description string) *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: description, Schema: openapi3.NewStringSchema().NewRef(),
	}}}
}
