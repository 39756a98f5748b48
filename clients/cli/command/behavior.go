package command

import (
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// behavior returns the field behaviors of the contract (AIP-203): required, output only.
func behavior(field protoreflect.FieldDescriptor) string {
	values, _ := proto.GetExtension(field.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	var names []string
	for _, value := range values {
		names = append(names, strings.ReplaceAll(strings.ToLower(value.String()), "_", " "))
	}
	return strings.Join(names, ", ")
}
