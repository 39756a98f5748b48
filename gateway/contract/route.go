package contract

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/route"
)

// Route is an HTTP route of a method with everything that serving it requires.
// It does not change after start.
type Route struct {
	route.Binding
	// Call is the method's name in gRPC: /package.Service/Method.
	Call string
	// Template is the path with the names of its variables: /item/{id}.
	Template string
	// Realm is the name of the contract, which callers authenticate for.
	Realm string
	// Request is the Go type of the method's request.
	Request protoreflect.MessageType
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
	// NextPage is the answer's field with the token of the next page, and PageToken the
	// request's field for it; both nil if the method has no pages.
	NextPage, PageToken protoreflect.FieldDescriptor
	// Location is where a resource that this method created can be read; nil if it
	// creates none, or the contract has no such route.
	Location *Location
	// Form is the metadata by which a call asks for its answer as JSON, keys and values
	// in turn: one value of the answer's header for ETag, one for NextPage, and one for
	// each field of Location's path. It is empty for an import and for an answer without content.
	Form []string
	// Import describes an import; nil for all other methods.
	Import *Import
	// Limits are the limits of the engine.
	Limits *engine.Limits

	contract *description.Description
	method   *engine.MethodDescription
}

func newRoute(b route.Binding, d *description.Description) (*Route, error) {
	method, err := d.Method(b.Method)
	if err != nil {
		return nil, err
	}
	r := &Route{Binding: b, Limits: d.Limits(), contract: d, method: method, Template: strings.ReplaceAll(b.Path.String(), "=*}", "}"), Call: fmt.Sprintf("/%s/%s", b.Method.Parent().FullName(), b.Method.Name())}
	if r.Request, err = protoregistry.GlobalTypes.FindMessageByName(b.Method.Input().FullName()); err != nil {
		return nil, fmt.Errorf("%s: %w", b.Method.FullName(), err)
	}
	r.NamesBody = b.HasBody && r.kind() != engine.MethodKind_METHOD_KIND_CREATE
	request, answer := b.Method.Input().Fields(), b.Method.Output().Fields()
	r.ETag = named(answer, method.GetVersion())
	r.ReadMask = named(request, method.GetReadMask())
	r.Rows = named(answer, method.GetRows())
	if method.GetNextPageToken() != "" {
		r.NextPage, r.PageToken = named(answer, method.GetNextPageToken()), named(request, method.GetPageToken())
	}
	if b.Verb == http.MethodPatch && b.Body != nil && b.BodyMessage() != nil {
		r.UpdateMask = named(request, method.GetUpdateMask())
	}
	return r, nil
}

// named returns the field with a name; nil if the name is empty.
func named(all protoreflect.FieldDescriptors, name string) protoreflect.FieldDescriptor {
	return all.ByName(protoreflect.Name(name))
}

func (r *Route) kind() engine.MethodKind { return r.method.GetKind() }

// IsRead reports whether the route only reads.
func (r *Route) IsRead() bool { return r.Verb == http.MethodGet }

// AnswersNothing reports whether the answer is google.protobuf.Empty, which is
// status 204.
func (r *Route) AnswersNothing() bool { return r.Method.Output().FullName() == "google.protobuf.Empty" }

// IsOneValue reports whether a message is one value, which is replaced entirely and
// whose fields no mask names.
func (r *Route) IsOneValue(message protoreflect.MessageDescriptor) bool {
	return r.contract.IsOneValue(message)
}

// form returns Form (server/serve/request/json_response.h).
func (r *Route) form() []string {
	if r.AnswersNothing() || r.Method.IsStreamingClient() {
		return nil
	}
	part := ""
	if r.Answer != nil {
		part = string(r.Answer.Name())
	}
	var values []string
	if r.ETag != nil {
		values = append(values, string(r.ETag.Name()))
	}
	if r.NextPage != nil {
		values = append(values, string(r.NextPage.Name()))
	}
	if r.Location != nil {
		values = append(values, r.Location.path.Fields()...)
	}
	form := []string{"response-json", part}
	if len(values) > 0 {
		form = append(form, "response-values", strings.Join(values, ","))
	}
	return form
}
