package openapi

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"dataservice/gateway/gen/engine"
)

const (
	// etagList matches * or a list of entity tags (RFC 9110, 13.1.1).
	etagList = `^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$`
	// requestID matches an id as it is, or as a quoted string (RFC 8941, 3.3.3), which is not
	// empty. An id may begin with a quote that does not end.
	requestID = `^([!#-~]([ -~]*[!-~])?|"([ -~]*[!#-~])?|"[ -~]+")$`
	// token matches what Consistency-Token may hold.
	token = `^[ -~]*$`
)

// addHeader documents a header that a request can have.
func addHeader(operation *openapi3.Operation, name, description string, schema *openapi3.Schema) {
	operation.AddParameter(openapi3.NewHeaderParameter(name).WithSchema(schema).WithDescription(description))
}

// addConditions documents the headers of conditional requests.
func (g *generator) addConditions(b boundMethod, operation *openapi3.Operation) {
	if !b.versioned || b.is(engine.MethodKind_METHOD_KIND_CREATE, engine.MethodKind_METHOD_KIND_LIST) {
		return
	}
	tags := func() *openapi3.Schema {
		return openapi3.NewStringSchema().WithFormat(formatEntityTags).WithPattern(etagList)
	}
	addHeader(operation, "If-Match", "`*`, or the entity tags of which the resource must have one: otherwise 412. "+
		"A weak entity tag matches nothing.", tags())
	switch {
	case b.Verb == "GET":
		addHeader(operation, "If-None-Match", "The entity tags that the client has, or `*`: 304 if the resource still has one of them.", tags())
	case b.is(engine.MethodKind_METHOD_KIND_UPSERT):
		addHeader(operation, "If-None-Match", "`*`: the request only creates, and fails with 412 if the resource exists.",
			openapi3.NewStringSchema().WithEnum("*"))
	}
}

// takesRequestID reports whether a request of the route can have a request_id
// (AIP-155). Each line of an import can have one; the import cannot.
func takesRequestID(b boundMethod) bool { return isWrite(b) && b.method.GetRequestId() != "" }

// addIdempotencyKey documents the header that the server uses as request_id.
func (g *generator) addIdempotencyKey(b boundMethod, operation *openapi3.Operation) {
	if !takesRequestID(b) {
		return
	}
	most := int64(g.contract.Limits().GetRequestIdBytes())
	addHeader(operation, "Idempotency-Key", fmt.Sprintf("Identifies this request, with 1 to %d printable ASCII characters. "+
		"If the request is sent again with the same value, it is not executed again, and the answer is the first one. "+
		"The field `%s` of the gRPC request means the same.", most, b.method.GetRequestId()),
		openapi3.NewStringSchema().WithMinLength(1).WithMaxLength(most).WithPattern(requestID))
}

// returnsRow reports whether the answer to a write is what was written, so that a client can
// do without it.
func returnsRow(b boundMethod) bool {
	return isWrite(b) && b.Method.Output().FullName() != "google.protobuf.Empty" &&
		!b.Method.IsStreamingClient() && !b.Method.IsStreamingServer()
}

// addReadPreference documents the headers of reads that may be stale.
func (g *generator) addReadPreference(b boundMethod, operation *openapi3.Operation) {
	if !isRead(b) {
		return
	}
	addHeader(operation, "Prefer", "`read=eventual`: the rows may be those of a moment ago, so that a standby of the "+
		"database can answer; `read=eventual; max-staleness=500ms`: of that long ago at most.",
		openapi3.NewStringSchema().WithFormat(formatPreferences))
	addHeader(operation, "Consistency-Token", "With `Prefer: read=eventual`: the `Consistency-Token` of an answer to a "+
		"write, which the read then sees.", openapi3.NewStringSchema().WithPattern(token))
}

// isRead reports whether a standby may execute the method.
func isRead(b boundMethod) bool {
	return b.is(engine.MethodKind_METHOD_KIND_GET, engine.MethodKind_METHOD_KIND_LIST,
		engine.MethodKind_METHOD_KIND_BATCH_GET, engine.MethodKind_METHOD_KIND_EXPORT)
}

// addPreference documents the header by which a client does without the answer to a write. Its
// status 204 is not documented as a response, because the operation would return nothing or a
// row in generated clients.
func (g *generator) addPreference(b boundMethod, operation *openapi3.Operation) {
	if !returnsRow(b) {
		return
	}
	addHeader(operation, "Prefer", "`return=minimal`: the answer has no body (RFC 7240), but the same headers: 201 after a creation, else 204.",
		openapi3.NewStringSchema().WithFormat(formatPreferences))
}
