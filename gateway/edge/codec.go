package edge

import (
	"io"
	"reflect"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// codec is ProtoJSON as the contract has it: fields without presence are
// always written, unknown ones are refused. It does for single messages what
// runtime.JSONPb does, faster.
type codec struct{ runtime.JSONPb }

func newCodec() *codec {
	return &codec{runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}}
}

// Marshal writes an answer; nothing for an Empty.
func (c *codec) Marshal(v any) ([]byte, error) {
	switch message := v.(type) {
	case *emptypb.Empty:
		return nil, nil
	case selectedMessage:
		return marshal(message.ProtoReflect(), message.selection)
	case proto.Message:
		return marshal(message.ProtoReflect(), nil)
	}
	return c.JSONPb.Marshal(v)
}

// NewDecoder reads a body. One that the edge has read already is one JSON
// value; any other is a stream of them.
func (c *codec) NewDecoder(r io.Reader) runtime.Decoder {
	switch body := r.(type) {
	case *bodyReader:
		return wholeBody{c, body.text}
	case interface{ Len() int }: // grpc-gateway's copy, for PATCH
		text := make([]byte, body.Len())
		if _, err := io.ReadFull(r, text); err == nil {
			return wholeBody{c, text}
		}
	}
	return c.JSONPb.NewDecoder(r)
}

type wholeBody struct {
	codec *codec
	text  []byte
}

// Decode reads the text into a message, or into a pointer to one, which
// grpc-gateway passes for a field of the request.
func (b wholeBody) Decode(v any) error {
	if message, ok := v.(proto.Message); ok {
		return b.codec.UnmarshalOptions.Unmarshal(b.text, message)
	}
	if pointer := reflect.ValueOf(v); pointer.Kind() == reflect.Pointer && pointer.Elem().Kind() == reflect.Pointer {
		target := pointer.Elem()
		if target.IsNil() {
			target.Set(reflect.New(target.Type().Elem()))
		}
		if message, ok := target.Interface().(proto.Message); ok {
			return b.codec.UnmarshalOptions.Unmarshal(b.text, message)
		}
	}
	return b.codec.Unmarshal(b.text, v)
}
