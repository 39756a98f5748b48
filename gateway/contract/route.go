package edge

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// Contract is what the edge must know of the contract that it serves.
// gateway/build generates one from .proto files.
type Contract struct {
	Name string
	// OpenAPI is the contract's OpenAPI document, JSON.
	OpenAPI  []byte
	Services []Service
}

// Service is one gRPC service with at least one HTTP route.
type Service struct {
	Descriptor protoreflect.ServiceDescriptor
	// Register adds the handlers that grpc-gateway generated.
	Register func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error
}

// binding is a route with all that is found out about it once, at start.
type binding struct {
	route.Binding
	// call is the method as gRPC names it in a path.
	call string
	// direct is how the edge itself carries out the route; nil where the handler
	// that grpc-gateway generated does.
	direct *direct
	// body describes the JSON of the body; nil where there is none, or where
	// it is not a message.
	body protoreflect.MessageDescriptor
	// mask is the field of an update's request that says what to change; nil
	// for everything but PATCH.
	mask protoreflect.FieldDescriptor
	// addresses says that variables of the path name what the body is: the body
	// may repeat them only. In a creation they say where it belongs.
	addresses bool
	// etag is the answer's field that carries its version; nil without one.
	etag protoreflect.FieldDescriptor
	// readMask is the field of a read's request that says what to answer; nil
	// without one. rows is the field of the answer whose messages it is about,
	// nil where it is about the answer itself.
	readMask, rows protoreflect.FieldDescriptor
	// location is where what this call creates can be read; nil where the
	// contract has no such route.
	location *location
	// lines is how the lines of an import become messages; nil for all else.
	lines *importLines
}

// newBindings finds the routes of a contract, by HTTP method and pattern as
// grpc-gateway prints it.
func newBindings(services []Service) (map[string]*binding, error) {
	bindings := map[string]*binding{}
	for _, service := range services {
		methods := service.Descriptor.Methods()
		for i := range methods.Len() {
			routes, err := route.Bindings(methods.Get(i))
			if err != nil {
				return nil, err
			}
			for _, r := range routes {
				key := bindingKey(r.Verb, r.Path.String())
				if other := bindings[key]; other != nil {
					return nil, fmt.Errorf("%s and %s both serve %s", other.Method.FullName(), r.Method.FullName(), key)
				}
				bindings[key] = newBinding(r)
			}
		}
	}
	locations := newLocations(bindings)
	for _, b := range bindings {
		b.location = locations[b.Method.Output().FullName()]
		if b.Method.IsStreamingClient() {
			var err error
			if b.lines, err = newImportLines(b, bindings); err != nil {
				return nil, err
			}
		}
	}
	return bindings, nil
}

func bindingKey(verb, pattern string) string { return verb + " " + pattern }

func newBinding(r route.Binding) *binding {
	b := &binding{Binding: r, body: r.BodyMessage(), call: fmt.Sprintf("/%s/%s", r.Method.Parent().FullName(), r.Method.Name())}
	b.direct = newDirect(r)
	b.addresses = r.HasBody && !strings.HasPrefix(string(r.Method.Name()), "Create")
	if etag := r.Method.Output().Fields().ByName("etag"); etag != nil &&
		etag.Kind() == protoreflect.StringKind && !etag.IsList() {
		b.etag = etag
	}
	if b.readMask = readMask(r.Method.Input()); b.readMask != nil {
		b.rows = rowsField(r.Method.Output())
	}
	if r.Verb == http.MethodPatch {
		fields := r.Method.Input().Fields()
		for i := range fields.Len() {
			if isMask(fields.Get(i)) {
				b.mask = fields.Get(i)
			}
		}
	}
	return b
}

func isMask(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().FullName() == "google.protobuf.FieldMask" && !field.IsList()
}

// isOneValue tells whether a message is one value, which is written whole and whose
// fields no mask names. The server has the same rule (server/contract/one_value.h), and
// tests/unit/testdata/one_values.txt holds both to it.
func isOneValue(message protoreflect.MessageDescriptor) bool {
	if message == nil {
		return false
	}
	file := message.ParentFile().Package()
	return file == "google.protobuf" || file == "google.type"
}
