package contract

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/fields"
	"dataservice/gateway/route"
)

// Route is an HTTP route of a method with everything that serving it requires.
// It does not change after start.
type Route struct {
	route.Binding
	// Call is the method's name in gRPC: /package.Service/Method.
	Call string
	// Request is the Go type of the method's request.
	Request protoreflect.MessageType
	// Variables are the request fields that the path fills, in the order of
	// Path.Fields.
	Variables []fields.Path
	// NamesBody reports whether the path names the resource in the body, so that
	// the body may only repeat the values of the path. In a creation the path
	// names the parent, and replaces what the body has.
	NamesBody bool
	// UpdateMask is the request field that says what an update changes; nil for
	// all methods but PATCH.
	UpdateMask protoreflect.FieldDescriptor
	// ETag is the answer's field with the version; nil if there is none.
	ETag protoreflect.FieldDescriptor
	// ReadMask is the request field that says which fields a read returns; nil if
	// there is none. Rows is the field of the answer with the messages that the
	// mask applies to; nil if it applies to the answer itself.
	ReadMask, Rows protoreflect.FieldDescriptor
	// Location is where the resource that this method answers can be read; nil if
	// the contract has no such route.
	Location *Location
	// Import describes an import; nil for all other methods.
	Import *Import
}

func newRoute(b route.Binding) (*Route, error) {
	r := &Route{Binding: b, Call: fmt.Sprintf("/%s/%s", b.Method.Parent().FullName(), b.Method.Name())}
	var err error
	if r.Request, err = protoregistry.GlobalTypes.FindMessageByName(b.Method.Input().FullName()); err != nil {
		return nil, fmt.Errorf("%s: %w", b.Method.FullName(), err)
	}
	for _, name := range b.Path.Fields() {
		r.Variables = append(r.Variables, fields.ByPath(b.Method.Input(), name))
	}
	r.NamesBody = b.HasBody && !strings.HasPrefix(string(b.Method.Name()), "Create")
	if etag := b.Method.Output().Fields().ByName("etag"); etag != nil && etag.Kind() == protoreflect.StringKind && !etag.IsList() {
		r.ETag = etag
	}
	if mask := b.Method.Input().Fields().ByName("read_mask"); mask != nil && fields.IsFieldMask(mask) {
		r.ReadMask, r.Rows = mask, rowsField(b.Method.Output())
	}
	if b.Verb == http.MethodPatch && b.Body != nil && b.BodyMessage() != nil {
		r.UpdateMask = lastMask(b.Method.Input())
	}
	return r, nil
}

// lastMask returns the last field mask of a request.
func lastMask(request protoreflect.MessageDescriptor) (mask protoreflect.FieldDescriptor) {
	all := request.Fields()
	for i := range all.Len() {
		if field := all.Get(i); fields.IsFieldMask(field) {
			mask = field
		}
	}
	return mask
}

// rowsField returns the field with the rows in the answer of a list or a batch;
// nil for any other answer.
func rowsField(answer protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	all := answer.Fields()
	list := all.ByName("next_page_token") != nil // AIP-158
	batch := all.Len() == 1                      // AIP-231
	if !list && !batch {
		return nil
	}
	for i := range all.Len() {
		if field := all.Get(i); field.IsList() && field.Message() != nil {
			return field
		}
	}
	return nil
}

// IsRead reports whether the route only reads.
func (r *Route) IsRead() bool { return r.Verb == http.MethodGet }

// AnswersNothing reports whether the answer is google.protobuf.Empty, which is
// status 204.
func (r *Route) AnswersNothing() bool { return r.Method.Output().FullName() == "google.protobuf.Empty" }

// IsOneValue reports whether a message is one value, which is written entirely
// and whose fields no mask names. The server has the same rule
// (server/contract/one_value.h); tests/unit/testdata/one_values.txt is the test
// of both.
func IsOneValue(message protoreflect.MessageDescriptor) bool {
	if message == nil {
		return false
	}
	file := message.ParentFile().Package()
	return file == "google.protobuf" || file == "google.type"
}
