package edge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/route"
)

// direct is a route whose call the edge makes itself: what the generated handler
// does, without reading path and query a second time and in half the memory.
type direct struct {
	request, answer protoreflect.MessageType
	// path are the request's fields that the path fills, by name.
	path map[string][]protoreflect.FieldDescriptor
}

// newDirect is nil where only the generated handler knows what to do: for PATCH,
// whose mask it makes, for bodies that are no message, and for answers of one
// field.
func newDirect(r route.Binding) *direct {
	if r.Method.IsStreamingClient() || r.Method.IsStreamingServer() || r.Verb == http.MethodPatch ||
		r.PartAnswered || hasOwnForm(r.Method.Output()) || (r.HasBody && r.BodyMessage() == nil) {
		return nil
	}
	d := &direct{path: map[string][]protoreflect.FieldDescriptor{}}
	var err error
	if d.request, err = protoregistry.GlobalTypes.FindMessageByName(r.Method.Input().FullName()); err != nil {
		return nil
	}
	if d.answer, err = protoregistry.GlobalTypes.FindMessageByName(r.Method.Output().FullName()); err != nil {
		return nil
	}
	for _, name := range r.Path.Fields() {
		path, found := findPath(r.Method.Input(), name)
		if last := path[len(path)-1]; !found || last.IsList() || last.IsMap() {
			return nil
		}
		d.path[name] = path
	}
	return d
}

const emptyName = "google.protobuf.Empty"

// hasOwnForm tells whether an answer is no JSON object of its fields.
func hasOwnForm(message protoreflect.MessageDescriptor) bool {
	return isProtobuf(message) && message.FullName() != emptyName
}

// callUnary carries out a request that was checked.
func (e *Edge) callUnary(c *call, r *http.Request, parameters map[string]string) {
	d := c.binding.direct
	if !c.binding.HasBody && r.Body != nil && r.Body != http.NoBody {
		// net/http sees that a client leaves only when its body is read.
		_, _ = io.Copy(io.Discard, r.Body)
	}
	var md runtime.ServerMetadata
	request, err := c.request(parameters)
	if err == nil {
		var ctx context.Context
		if ctx, err = e.withMetadata(c, r); err == nil {
			answer := reply{kind: d.answer}
			defer answer.free()
			c.complete(request)
			if err = e.conn.Invoke(ctx, c.binding.call, request, &answer, grpc.ForceCodecV2(keepsReplies),
				grpc.Header(&md.HeaderMD), grpc.Trailer(&md.TrailerMD), grpc.Peer(&c.peer)); err == nil {
				err = c.writeAnswer(&answer, md.HeaderMD)
			}
		}
	}
	if err != nil {
		e.handleError(runtime.NewServerMetadataContext(c, md), e.mux, nil, &c.writer, r, err)
	}
}

// request is the message that path, query and body ask to send, of which the
// query comes in complete.
func (c *call) request(parameters map[string]string) (proto.Message, error) {
	b := c.binding
	message := b.direct.request.New()
	if b.HasBody {
		target := message
		if b.Body != nil {
			target = message.Mutable(b.Body).Message()
		}
		if err := protojson.Unmarshal(c.body, target.Interface()); err != nil {
			return nil, err
		}
	}
	for name, path := range b.direct.path {
		value, ok := parseValue(path[len(path)-1], parameters[name])
		if !ok {
			return nil, errPathValue // was checked
		}
		s := setting{path: path, values: []protoreflect.Value{value}}
		s.apply(message)
	}
	return message.Interface(), nil
}

var errPathValue = errors.New("a variable of the path does not fit its field")

// writeAnswer answers with a message, or fails before anything is written.
func (c *call) writeAnswer(answer *reply, md metadata.MD) error {
	if c.binding.Method.Output().FullName() == emptyName {
		c.writer.WriteHeader(http.StatusNoContent)
		return nil
	}
	header := c.writer.Header()
	header["Content-Type"] = jsonType
	etag := ""
	if c.hasETag() {
		etag = answer.text(c.binding.etag)
	}
	if err := c.answer(etag, md, answer.decode); err != nil {
		return err
	}
	buffer := texts.Get().(*[]byte)
	text, err := answer.appendJSON((*buffer)[:0], c.selection)
	if err != nil {
		return err
	}
	header["Content-Length"] = []string{strconv.Itoa(len(text))}
	_, _ = c.writer.Write(text) // a client that has gone needs no answer
	if cap(text) <= maxKeptBuffer {
		*buffer = text
		texts.Put(buffer)
	}
	return nil
}

var jsonType = []string{"application/json"}

// texts are buffers for answers.
var texts = sync.Pool{New: func() any { return new([]byte) }}
