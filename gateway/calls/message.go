package calls

import (
	"bytes"

	"google.golang.org/grpc/encoding"
	grpcproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"

	"dataservice/gateway/limits"
)

// Message is a message in Protobuf's binary form, which is not decoded. One
// goroutine uses it.
type Message struct {
	bytes []byte
	// buffer has the memory of bytes; nil if there is none.
	buffer mem.Buffer
}

// Bytes returns the binary form, valid until Free.
func (m *Message) Bytes() []byte { return m.bytes }

// Separate copies a message that keeps much other data in memory: answers that came together
// share a buffer, which one client that does not receive its answer would keep.
func (m *Message) Separate() {
	if m.buffer != nil && len(m.bytes) >= limits.SharedAnswerBytes && m.buffer.Len() > 2*len(m.bytes) {
		text := bytes.Clone(m.bytes)
		m.Free()
		m.bytes = text
	}
}

// Free returns the memory. It may be called twice.
func (m *Message) Free() {
	if m.buffer != nil {
		m.buffer.Free()
		m.buffer, m.bytes = nil, nil
	}
}

// Codec is gRPC's codec for Protobuf, which also sends []byte and mem.Buffer as
// they are, and receives a Message without decoding it.
var Codec encoding.CodecV2 = codec{encoding.GetCodecV2(grpcproto.Name)}

type codec struct{ encoding.CodecV2 }

// Marshal takes the ownership of a mem.Buffer: gRPC frees it.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	switch message := v.(type) {
	case []byte:
		return mem.BufferSlice{mem.SliceBuffer(message)}, nil
	case mem.Buffer:
		return mem.BufferSlice{message}, nil
	}
	return c.CodecV2.Marshal(v)
}

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	message, ok := v.(*Message)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	message.buffer = data.MaterializeToBuffer(Buffers)
	message.bytes = message.buffer.ReadOnlyData()
	return nil
}
