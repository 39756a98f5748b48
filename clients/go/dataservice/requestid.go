package dataservice

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// requestIDHeader carries the id by which a call is found in the logs of the service.
const requestIDHeader = "x-request-id"

func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// withRequestID returns the id of the call and a context that sends it. An id that the
// caller has put into the outgoing metadata is kept.
func withRequestID(ctx context.Context) (context.Context, string) {
	if sent, ok := metadata.FromOutgoingContext(ctx); ok {
		if ids := sent.Get(requestIDHeader); len(ids) > 0 {
			return ctx, ids[0]
		}
	}
	id := newRequestID()
	return metadata.AppendToOutgoingContext(ctx, requestIDHeader, id), id
}

// identify returns the request with a request_id, and whether it has one. A request
// without one is not changed: the result is a copy of its first level.
func identify(request any, field, id string) (any, bool) {
	message, ok := request.(proto.Message)
	if !ok || field == "" {
		return request, false
	}
	source := message.ProtoReflect()
	descriptor := source.Descriptor().Fields().ByName(protoreflect.Name(field))
	if descriptor == nil {
		return request, false
	}
	if source.Get(descriptor).String() != "" {
		return request, true
	}
	copied := shallowCopy(source)
	copied.Set(descriptor, protoreflect.ValueOfString(id))
	return copied.Interface(), true
}

func shallowCopy(source protoreflect.Message) protoreflect.Message {
	copied := source.New()
	source.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		copied.Set(field, value)
		return true
	})
	copied.SetUnknown(source.GetUnknown())
	return copied
}
