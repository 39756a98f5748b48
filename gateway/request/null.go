package request

import (
	"bytes"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/limits"
)

const mustNotBeNull = "must not be null; leave it out"

// hasNull reports whether a body that protojson accepts has null as the value of a field
// that cannot be absent. ProtoJSON reads it as the zero value, so that a client that has lost
// a value would store an empty one.
func hasNull(text []byte, message protoreflect.MessageDescriptor) bool {
	if !bytes.Contains(text, []byte("null")) {
		return false
	}
	d := diagnosis{budget: limits.DiagnosedValues}
	d.object(text, message, "", 0)
	return len(d.violations) > 0
}

// acceptsNull reports whether null is a value of a field: the field is absent then, or the
// type has a null of its own (google.protobuf.Value, google.protobuf.NullValue).
func acceptsNull(field protoreflect.FieldDescriptor) bool {
	if field.IsList() || field.IsMap() {
		return false
	}
	return field.HasPresence() || field.Enum() != nil && field.Enum().FullName() == "google.protobuf.NullValue"
}
