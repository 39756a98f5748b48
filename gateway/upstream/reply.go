package upstream

import (
	"google.golang.org/grpc/encoding"
	grpcproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Reply is an answer of the server in the wire format. It is not decoded.
type Reply struct {
	wire   []byte
	buffer mem.Buffer // has the memory of wire; nil if there is none
}

// codec is gRPC's codec for Protobuf, but keeps a Reply in the wire format.
type codec struct{ encoding.CodecV2 }

var replyCodec = codec{encoding.GetCodecV2(grpcproto.Name)}

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(*Reply)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	r.buffer = data.MaterializeToBuffer(mem.DefaultBufferPool())
	r.wire = r.buffer.ReadOnlyData()
	return nil
}

// Free returns the memory of the wire data, which is not valid afterwards.
func (r *Reply) Free() {
	if r.buffer != nil {
		r.buffer.Free()
		r.buffer, r.wire = nil, nil
	}
}

// Wire returns the message in the wire format.
func (r *Reply) Wire() []byte { return r.wire }

// String returns the value of a string field; "" if it is not set.
func (r *Reply) String(field protoreflect.FieldDescriptor) (text string) {
	for wire := r.Wire(); len(wire) > 0; {
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
