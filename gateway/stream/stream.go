package edge

import (
	"context"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// openStream begins the gRPC stream of an import or an export. It ends with
// cancel and at a Grpc-Timeout, but at no deadline of the gateway's; nor do
// those of the HTTP server hold any more. An export ends when its client
// leaves; an import is told so by its body, and the rows that came before are
// stored and counted.
func (e *Edge) openStream(c *call, r *http.Request) (grpc.ClientStream, context.CancelFunc, error) {
	control := http.NewResponseController(c.writer.ResponseWriter)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	method := c.binding.Method
	client := c.client
	if method.IsStreamingClient() {
		client = context.WithoutCancel(client) // net/http ends it with a read that took too long
	}
	ctx, cancel := context.WithCancel(client)
	c.Context = ctx
	annotated, err := runtime.AnnotateContext(c, e.mux, r, c.binding.call)
	if err != nil {
		return nil, cancel, err
	}
	stream, err := e.conn.NewStream(annotated, &grpc.StreamDesc{
		ClientStreams: method.IsStreamingClient(), ServerStreams: method.IsStreamingServer(),
	}, c.binding.call)
	if err != nil {
		return nil, cancel, err // sendStream makes one around none
	}
	return stream, cancel, nil
}

// failStream answers a stream that failed before anything of it was sent.
func (e *Edge) failStream(c *call, r *http.Request, stream grpc.ClientStream, err error) {
	var md runtime.ServerMetadata
	if stream != nil {
		md.HeaderMD, _ = stream.Header()
		md.TrailerMD = stream.Trailer()
	}
	e.handleError(runtime.NewServerMetadataContext(c, md), e.mux, nil, &c.writer, r, err)
}

// newMessage makes an empty message of a type of the contract, as generated.
func newMessage(message protoreflect.MessageDescriptor) (proto.Message, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(message.FullName())
	if err != nil {
		return nil, err
	}
	return found.New().Interface(), nil
}
