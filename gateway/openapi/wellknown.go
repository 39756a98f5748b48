package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// wellKnown returns the schema of a message for which ProtoJSON has a form of its
// own; nil for all others.
func wellKnown(message protoreflect.MessageDescriptor) *openapi3.Schema {
	switch message.FullName() {
	case "google.protobuf.Timestamp":
		schema := openapi3.NewDateTimeSchema()
		schema.Example = exampleTime
		return schema
	case "google.protobuf.Duration":
		return openapi3.NewStringSchema().WithPattern(`^-?[0-9]+(\.[0-9]{1,9})?s$`)
	case "google.protobuf.FieldMask":
		return openapi3.NewStringSchema().WithFormat(formatFieldMask)
	case "google.protobuf.Empty", "google.protobuf.Struct", "google.protobuf.Any":
		return openapi3.NewObjectSchema().WithAnyAdditionalProperties()
	case "google.protobuf.Value":
		return openapi3.NewSchema()
	case "google.protobuf.ListValue":
		return openapi3.NewArraySchema().WithItems(openapi3.NewSchema())
	case "google.protobuf.StringValue", "google.protobuf.BytesValue", "google.protobuf.BoolValue",
		"google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.UInt32Value",
		"google.protobuf.UInt64Value", "google.protobuf.FloatValue", "google.protobuf.DoubleValue":
		return scalar(message.Fields().ByName("value")).WithNullable()
	}
	return nil
}
