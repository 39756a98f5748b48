package edgetest

import (
	"bytes"
	"encoding/json"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// jsonStream sends messages as JSON, as the server does for a call that asks for it
// (server/serve/request/json_response.h). It does not know read masks.
type jsonStream struct {
	grpc.ServerStream
	answer protoreflect.MessageType
	part   string
	values []string
}

// formatted returns the stream of a method in the form that its call asks for.
func formatted(stream grpc.ServerStream, method protoreflect.MethodDescriptor) grpc.ServerStream {
	md, _ := metadata.FromIncomingContext(stream.Context())
	part := md.Get("response-json")
	if part == nil {
		return stream
	}
	answer, err := protoregistry.GlobalTypes.FindMessageByName(method.Output().FullName())
	if err != nil {
		return stream
	}
	s := &jsonStream{ServerStream: stream, answer: answer, part: part[0]}
	if values := md.Get("response-values"); values != nil {
		s.values = strings.Split(values[0], ",")
	}
	return s
}

func (s *jsonStream) SendMsg(m any) error {
	wire, err := proto.Marshal(m.(proto.Message))
	if err != nil {
		return err
	}
	// A test may answer with a message of another type.
	message := s.answer.New().Interface()
	if err := proto.Unmarshal(wire, message); err != nil {
		return err
	}
	for _, path := range s.values {
		value := metadata.Pairs("response-value-bin", textOf(message.ProtoReflect(), path))
		if err := s.SetHeader(value); err != nil {
			return err
		}
	}
	text, err := jsonOf(message, s.part)
	if err != nil {
		return err
	}
	return s.ServerStream.SendMsg(text)
}

// unsetComputed is a computed field of depot.v1.Item that is not set.
var unsetComputed = []byte(`"partCount":0,`)

func jsonOf(message proto.Message, part string) ([]byte, error) {
	text, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(message)
	if err == nil && part != "" {
		var members map[string]json.RawMessage
		err = json.Unmarshal(text, &members)
		field := message.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(part))
		if text = members[field.JSONName()]; text == nil {
			text = []byte("null")
		}
	}
	var compact bytes.Buffer
	if err == nil {
		err = json.Compact(&compact, text)
	}
	return bytes.ReplaceAll(compact.Bytes(), unsetComputed, nil), err
}

// textOf returns a scalar as the text in a path.
func textOf(m protoreflect.Message, path string) string {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		m = m.Get(m.Descriptor().Fields().ByName(protoreflect.Name(name))).Message()
	}
	field := m.Descriptor().Fields().ByName(protoreflect.Name(names[len(names)-1]))
	value := m.Get(field)
	if field.Kind() == protoreflect.EnumKind {
		if known := field.Enum().Values().ByNumber(value.Enum()); known != nil {
			return string(known.Name())
		}
	}
	return value.String()
}
