package upstream

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/calls"
)

// Reply is the answer to a unary call. Its message is not decoded.
type Reply struct{ calls.Reply }

// Created reports whether the server says, in its header metadata, that the call
// created a resource.
func (r *Reply) Created() bool {
	for i := 0; i+1 < len(r.Metadata); i += 2 {
		if r.Metadata[i] == "resource-created" {
			return r.Metadata[i+1] == "true"
		}
	}
	return false
}

// String returns the value of a string field; "" if it is not set.
func (r *Reply) String(field protoreflect.FieldDescriptor) (text string) {
	for wire := r.Bytes(); len(wire) > 0; {
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
