package upstream

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/calls"
)

// Reply is an answer of the server in the wire format. It is not decoded.
type Reply struct{ calls.Message }

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
