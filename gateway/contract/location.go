package edge

import (
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// location makes the path of a resource from the resource: that of the Get
// method which answers the same message.
type location struct {
	path   route.Template
	fields map[string]protoreflect.FieldDescriptor
}

// newLocations finds, for each message that a Get method answers, the path to
// read it at. Of several, the one with the shortest template.
func newLocations(bindings map[string]*binding) map[protoreflect.FullName]*location {
	locations := map[protoreflect.FullName]*location{}
	for _, b := range bindings {
		if b.Verb != "GET" || b.Index != 0 || !strings.HasPrefix(string(b.Method.Name()), "Get") {
			continue
		}
		message := b.Method.Output()
		found := &location{path: b.Path, fields: map[string]protoreflect.FieldDescriptor{}}
		for _, name := range b.Path.Fields() {
			if field := route.Field(message, name); field != nil && isText(field) {
				found.fields[name] = field
			}
		}
		if len(found.fields) != len(b.Path.Fields()) {
			continue
		}
		text := b.Path.String()
		if old := locations[message.FullName()]; old == nil || len(text) < len(old.path.String()) ||
			(len(text) == len(old.path.String()) && text < old.path.String()) {
			locations[message.FullName()] = found
		}
	}
	return locations
}

// isText tells whether a field's value can stand in a path.
func isText(field protoreflect.FieldDescriptor) bool {
	return !field.IsList() && !field.IsMap() && field.Message() == nil && field.Kind() != protoreflect.BytesKind
}

// of is the path at which the message can be read; empty if a key in it is "." or
// "..", which clients resolve instead of sending (RFC 3986, 5.2.4).
func (l *location) of(message protoreflect.Message) string {
	dots := false
	path := l.path.Fill(func(name string) string {
		m := message
		steps := strings.Split(name, ".")
		for _, step := range steps[:len(steps)-1] {
			m = m.Get(route.FieldByName(m.Descriptor(), step)).Message()
		}
		field := l.fields[name]
		value := m.Get(field)
		dots = dots || value.String() == "." || value.String() == ".."
		if field.Kind() == protoreflect.EnumKind {
			if known := field.Enum().Values().ByNumber(value.Enum()); known != nil {
				return string(known.Name())
			}
			return strconv.Itoa(int(value.Enum()))
		}
		return value.String()
	})
	if dots {
		return ""
	}
	return path
}
