package contract

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/fields"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/route"
)

// Location is where a resource can be read: the path of the Get method that
// answers the same message.
type Location struct {
	path   route.Template
	fields map[string]fields.Path
	answer protoreflect.MessageType
}

// newLocations returns the location of each message that a Get method answers.
// Of several methods, the one with the shortest template is taken.
func newLocations(routes []*Route) map[protoreflect.FullName]*Location {
	locations := map[protoreflect.FullName]*Location{}
	for _, r := range routes {
		if r.Verb != "GET" || r.Index != 0 || r.kind() != engine.MethodKind_METHOD_KIND_GET {
			continue
		}
		found := newLocation(r)
		if found == nil {
			continue
		}
		name, text := r.Method.Output().FullName(), r.Path.String()
		if old := locations[name]; old == nil || len(text) < len(old.path.String()) ||
			(len(text) == len(old.path.String()) && text < old.path.String()) {
			locations[name] = found
		}
	}
	return locations
}

// newLocation returns nil if the message does not have the fields of the path.
func newLocation(r *Route) *Location {
	message := r.Method.Output()
	l := &Location{path: r.Path, fields: map[string]fields.Path{}}
	for _, name := range r.Path.Fields() {
		path := fields.ByPath(message, name)
		if path == nil || !isText(path.Last()) {
			return nil
		}
		l.fields[name] = path
	}
	var err error
	if l.answer, err = protoregistry.GlobalTypes.FindMessageByName(message.FullName()); err != nil {
		return nil
	}
	return l
}

// isText reports whether a value of the field can be a part of a path.
func isText(field protoreflect.FieldDescriptor) bool {
	return !field.IsList() && !field.IsMap() && field.Message() == nil && field.Kind() != protoreflect.BytesKind
}

// New returns an empty message of the resource's type.
func (l *Location) New() protoreflect.Message { return l.answer.New() }

// Of returns the path at which the resource can be read. It returns "" if a key
// is "." or "..", which clients resolve instead of sending (RFC 3986, 5.2.4).
func (l *Location) Of(resource protoreflect.Message) string {
	dots := false
	path := l.path.Fill(func(name string) string {
		m, path := resource, l.fields[name]
		for _, step := range path[:len(path)-1] {
			m = m.Get(step).Message()
		}
		text := keyText(path.Last(), m.Get(path.Last()))
		dots = dots || text == "." || text == ".."
		return text
	})
	if dots {
		return ""
	}
	return path
}

// keyText returns a value as the text in a path.
func keyText(field protoreflect.FieldDescriptor, value protoreflect.Value) string {
	if field.Kind() == protoreflect.EnumKind {
		if known := field.Enum().Values().ByNumber(value.Enum()); known != nil {
			return string(known.Name())
		}
		return strconv.Itoa(int(value.Enum()))
	}
	return value.String()
}
