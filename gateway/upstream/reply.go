package edge

import (
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	grpcproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// reply is an answer of the server as it came, decoded only where it must be.
type reply struct {
	kind    protoreflect.MessageType
	buffer  mem.Buffer
	message proto.Message
}

// replyCodec is gRPC's codec for Protobuf, which leaves replies as they are.
type replyCodec struct{ encoding.CodecV2 }

var keepsReplies = replyCodec{encoding.GetCodecV2(grpcproto.Name)}

func (c replyCodec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(*reply)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	r.buffer = data.MaterializeToBuffer(mem.DefaultBufferPool())
	return nil
}

// free gives the bytes back.
func (r *reply) free() {
	if r.buffer != nil {
		r.buffer.Free()
		r.buffer = nil
	}
}

// decode is the message.
func (r *reply) decode() (proto.Message, error) {
	if r.message == nil {
		message, err := unmarshal(r.buffer.ReadOnlyData(), r.kind)
		if err != nil {
			return nil, status.Errorf(codes.Internal, "grpc: failed to unmarshal the received message: %v", err)
		}
		r.message = message.Interface()
	}
	return r.message, nil
}

// text is a string field of the answer.
func (r *reply) text(field protoreflect.FieldDescriptor) (text string) {
	for wire := r.buffer.ReadOnlyData(); len(wire) > 0; {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return ""
		}
		wire = wire[n:]
		if n = protowire.ConsumeFieldValue(number, kind, wire); n < 0 {
			return ""
		}
		if number == field.Number() && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(wire)
			text = string(value)
		}
		wire = wire[n:]
	}
	return text
}

// appendJSON writes the answer behind a text.
func (r *reply) appendJSON(text []byte, selected *selection) ([]byte, error) {
	e := encoderOf(r.kind.Descriptor())
	begin := len(text)
	text = slices.Grow(text, int(e.size.Load())+64)
	if written, ok := e.appendWire(text, r.buffer.ReadOnlyData(), selected, 0); ok {
		e.size.Store(int64(len(written) - begin))
		return written, nil
	}
	message, err := r.decode()
	if err != nil {
		return nil, err
	}
	return appendMessage(text, message.ProtoReflect(), selected)
}
