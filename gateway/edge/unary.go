package edge

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"dataservice/gateway/route"
)

// direct is a route whose call the edge makes itself: what the generated handler
// does, without reading path and query a second time and in half the memory.
type direct struct {
	request, answer protoreflect.MessageType
	// path are the request's fields that the path fills, by name.
	path map[string][]protoreflect.FieldDescriptor
}

// newDirect is nil where only the generated handler knows what to do: for bodies
// that are no message, and for answers of one field.
func newDirect(r route.Binding) *direct {
	if r.Method.IsStreamingClient() || r.Method.IsStreamingServer() || r.PartAnswered ||
		hasOwnForm(r.Method.Output()) || (r.HasBody && r.BodyMessage() == nil) {
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
		if err := c.decode(target, message); err != nil {
			return nil, err
		}
	}
	var violations []Violation
	for name, path := range b.direct.path {
		value, ok := parseValue(path[len(path)-1], parameters[name])
		if !ok {
			return nil, errPathValue // was checked
		}
		if b.addresses && differs(message, path, value) {
			violations = append(violations, Violation{b.jsonPath(name), "differs from the one in the path"})
		}
		s := setting{path: path, values: []protoreflect.Value{value}}
		s.apply(message)
	}
	if len(violations) > 0 {
		return nil, &faults{violations}
	}
	return message.Interface(), nil
}

var errPathValue = errors.New("a variable of the path does not fit its field")

// decode reads the body into a message, which is the request or a field of it.
func (c *call) decode(target, request protoreflect.Message) error {
	b := c.binding
	if b.Body == nil || b.mask == nil || c.setsMask() {
		return protojson.Unmarshal(c.body, target.Interface())
	}
	p := readPatch(c.body, b.body)
	if p == nil {
		return errNoPatch
	}
	c.body = p.text // of which faults are looked for
	if err := protojson.Unmarshal(p.text, target.Interface()); err != nil {
		return err
	}
	if len(p.violations) > 0 {
		return &faults{p.violations}
	}
	request.Set(b.mask, protoreflect.ValueOfMessage((&fieldmaskpb.FieldMask{Paths: p.paths}).ProtoReflect()))
	return nil
}

var errNoPatch = errors.New("the body is no JSON object")

// setsMask tells whether the query says what a PATCH changes.
func (c *call) setsMask() bool {
	return slices.ContainsFunc(c.settings, func(s setting) bool { return s.path[0] == c.binding.mask })
}

// faults are those of a body that its decoder accepts.
type faults struct{ violations []Violation }

func (*faults) Error() string { return "the body does not fit the contract" }

// differs tells whether a request has a value for a field of the path already,
// from its body, and it is another one.
func differs(message protoreflect.Message, path []protoreflect.FieldDescriptor, value protoreflect.Value) bool {
	last := len(path) - 1
	for _, field := range path[:last] {
		if !message.Has(field) {
			return false
		}
		message = message.Get(field).Message()
	}
	if !message.Has(path[last]) {
		return false
	}
	given := message.Get(path[last])
	if given.Equal(value) {
		return false
	}
	same := path[last].Kind() == protoreflect.StringKind && strings.EqualFold(given.String(), value.String()) &&
		uuidPattern.MatchString(value.String())
	return !same
}

// uuidPattern is a UUID (RFC 9562, 4), which has two cases.
var uuidPattern = regexp.MustCompile("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

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
