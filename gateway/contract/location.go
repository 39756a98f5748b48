package contract

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/route"
)

// Location is where a resource can be read: the path of the Get method that
// answers the same message.
type Location struct{ path route.Template }

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
	for _, name := range r.Path.Fields() {
		path := fields.ByPath(r.Method.Output(), name)
		if path == nil || !isText(path.Last()) {
			return nil
		}
	}
	return &Location{r.Path}
}

// isText reports whether a value of the field can be a part of a path.
func isText(field protoreflect.FieldDescriptor) bool {
	return !field.IsList() && !field.IsMap() && field.Message() == nil && field.Kind() != protoreflect.BytesKind
}

// Of returns the path at which a resource can be read whose fields of the path have
// these values. It returns "" if one is "." or "..", which clients resolve instead
// of sending (RFC 3986, 5.2.4).
func (l *Location) Of(values []string) string {
	names := l.path.Fields()
	if len(values) != len(names) || slices.Contains(values, ".") || slices.Contains(values, "..") {
		return ""
	}
	return l.path.Fill(func(name string) string { return values[slices.Index(names, name)] })
}
