package contract

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
)

// FieldName converts the path of a request field in the server's names
// (item.boxes[2].height_mm) into the path for REST clients (boxes[2].heightMm):
// with JSON names and relative to the body.
func (r *Route) FieldName(path string) string {
	message := r.Method.Input()
	if r.Body != nil {
		body := string(r.Body.Name())
		if rest, ok := strings.CutPrefix(path, body+"."); ok {
			message, path = r.Body.Message(), rest
		} else if path == body {
			return ""
		}
	}
	var names []string
	for name := range strings.SplitSeq(path, ".") {
		name, index, indexed := strings.Cut(name, "[")
		if message != nil {
			field := fields.ByName(message, name)
			message = nil
			if field != nil {
				name, message = field.JSONName(), elementMessage(field)
			}
		}
		if indexed {
			name += "[" + index
		}
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// elementMessage returns the type of the messages in a field, including those in
// a list or a map; nil if there are none.
func elementMessage(field protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if field.IsMap() {
		return field.MapValue().Message()
	}
	return field.Message()
}
