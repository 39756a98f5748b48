package edge

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// jsonPath turns the path of a request field as the server names it
// (item.boxes[2].height_mm) into the one that a REST client knows
// (boxes[2].heightMm): in JSON names, and without the body's field.
func (b *binding) jsonPath(path string) string {
	message := b.Method.Input()
	if b.Body != nil {
		body := string(b.Body.Name())
		if rest, ok := strings.CutPrefix(path, body+"."); ok {
			message, path = b.Body.Message(), rest
		} else if path == body {
			return ""
		}
	}
	var names []string
	for name := range strings.SplitSeq(path, ".") {
		name, index, indexed := strings.Cut(name, "[")
		if message != nil {
			field := route.FieldByName(message, name)
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

// elementMessage is the message that a field's values, or its list's or map's
// values, are; nil if they are none.
func elementMessage(field protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if field.IsMap() {
		return field.MapValue().Message()
	}
	return field.Message()
}
