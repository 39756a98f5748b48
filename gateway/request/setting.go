package request

import (
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
)

// setting is a value that the path or the query gives to a request field.
type setting struct {
	path fields.Path
	// value is that of a singular field, or of the map entry with the key.
	value, key protoreflect.Value
	// list are the values of a list.
	list []protoreflect.Value
}

// apply sets the field.
func (s *setting) apply(request protoreflect.Message) {
	for _, field := range s.path[:len(s.path)-1] {
		request = request.Mutable(field).Message()
	}
	switch field := s.path.Last(); {
	case field.IsMap():
		request.Mutable(field).Map().Set(s.key.MapKey(), s.value)
	case field.IsList():
		list := request.Mutable(field).List()
		for _, value := range s.list {
			list.Append(value)
		}
	default:
		request.Set(field, s.value)
	}
}

// differs reports whether the request, from its body, already has another value
// for the field.
func (s *setting) differs(request protoreflect.Message) bool {
	for _, field := range s.path[:len(s.path)-1] {
		if !request.Has(field) {
			return false
		}
		request = request.Get(field).Message()
	}
	field := s.path.Last()
	if !request.Has(field) {
		return false
	}
	given := request.Get(field)
	if given.Equal(s.value) {
		return false
	}
	sameUUID := field.Kind() == protoreflect.StringKind && strings.EqualFold(given.String(), s.value.String()) &&
		uuidPattern.MatchString(s.value.String())
	return !sameUUID
}

// uuidPattern matches a UUID (RFC 9562, 4), in either case.
var uuidPattern = regexp.MustCompile("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
