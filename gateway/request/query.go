package edge

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// setting is a value that the query gives to a field of the request.
type setting struct {
	// path leads from the request to the field, which is the last.
	path   []protoreflect.FieldDescriptor
	values []protoreflect.Value
	// key is the entry to set, for a map.
	key protoreflect.Value
}

// parseQuery reads the query parameters of a route. grpc-gateway's own reader
// passes over names that it does not know.
func (b *binding) parseQuery(raw string) ([]setting, []Violation) {
	if raw == "" {
		return nil, nil
	}
	parameters, err := url.ParseQuery(raw)
	if err != nil {
		return nil, []Violation{{"", "the query is malformed: names and values must be URL-encoded, with & between"}}
	}
	var settings []setting
	var violations []Violation
	seen := make(map[string]bool, len(parameters))
	for _, name := range sortedKeys(parameters) {
		s, canonical, fault := b.parseParameter(name, parameters[name])
		if fault == "" && seen[canonical] {
			fault = "is given twice, in two spellings"
		}
		seen[canonical] = true
		if fault != "" {
			violations = append(violations, Violation{strings.ToValidUTF8(name, "\uFFFD"), fault})
			continue
		}
		settings = append(settings, s)
	}
	return settings, append(violations, oneofViolations(settings)...)
}

// parseParameter reads one parameter, and says what is wrong with it. The
// canonical name is the same for both spellings of a field.
func (b *binding) parseParameter(name string, texts []string) (s setting, canonical, fault string) {
	names, key, hasKey := strings.Cut(name, "[")
	path, found := findPath(b.Method.Input(), names)
	if !found {
		return s, name, "there is no such query parameter"
	}
	s.path = path
	canonical = protoPath(path)
	if b.Taken(canonical) {
		return s, canonical, "is no query parameter here: it belongs in the path or in the body"
	}
	field := path[len(path)-1]
	if message := field.Message(); message != nil && !field.IsMap() && wellKnown(message) == notWellKnown {
		return s, canonical, "is an object: give its fields, as " + name + ".NAME"
	}
	if field.IsMap() || hasKey {
		canonical += "[" + key
		fault = s.parseEntry(field, key, texts)
		return s, canonical, fault
	}
	if len(texts) > 1 && !field.IsList() {
		return s, canonical, "is given more than once"
	}
	for _, text := range texts {
		if fault := textFault(text); fault != "" {
			return s, canonical, fault
		}
		value, ok := parseValue(field, text)
		if !ok {
			return s, canonical, expected(field)
		}
		s.values = append(s.values, value)
	}
	return s, canonical, ""
}

// parseEntry reads name[key]=value, an entry of a map.
func (s *setting) parseEntry(field protoreflect.FieldDescriptor, key string, texts []string) (fault string) {
	key, closed := strings.CutSuffix(key, "]")
	if !field.IsMap() || !closed {
		return "must be written name[key]=value for a map, and without [] for all else"
	}
	if len(texts) > 1 {
		return "is given more than once"
	}
	if fault := textFault(key + texts[0]); fault != "" {
		return fault
	}
	parsedKey, ok := parseValue(field.MapKey(), key)
	if !ok {
		return "has a wrong key: it " + expected(field.MapKey())
	}
	value, ok := parseValue(field.MapValue(), texts[0])
	if !ok {
		return expected(field.MapValue())
	}
	s.key, s.values = parsedKey, []protoreflect.Value{value}
	return ""
}

// findPath resolves a field's path of names; every step but the last is a
// single message.
func findPath(message protoreflect.MessageDescriptor, names string) ([]protoreflect.FieldDescriptor, bool) {
	var path []protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(names, ".") {
		if message == nil {
			return nil, false
		}
		field := route.FieldByName(message, name)
		if field == nil {
			return nil, false
		}
		path = append(path, field)
		message = nil
		if !field.IsList() && !field.IsMap() {
			message = field.Message()
		}
	}
	return path, true
}

func protoPath(path []protoreflect.FieldDescriptor) string {
	names := make([]string, len(path))
	for i, field := range path {
		names[i] = string(field.Name())
	}
	return strings.Join(names, ".")
}

// oneofViolations finds members of one oneof that are set together.
func oneofViolations(settings []setting) []Violation {
	var violations []Violation
	seen := map[string]bool{}
	for _, s := range settings {
		field := s.path[len(s.path)-1]
		oneof := field.ContainingOneof()
		if oneof == nil || oneof.IsSynthetic() {
			continue
		}
		key := protoPath(s.path[:len(s.path)-1]) + "." + string(oneof.Name())
		if seen[key] {
			violations = append(violations, Violation{field.JSONName(), "excludes another parameter that is given: only one of them may be"})
		}
		seen[key] = true
	}
	return violations
}

// textFault says why a text can be no value at all.
func textFault(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "is not valid UTF-8"
	case strings.Contains(text, "\x00"):
		return "contains a NUL character"
	}
	return ""
}

// apply gives the request the value.
func (s *setting) apply(request protoreflect.Message) {
	last := len(s.path) - 1
	for _, field := range s.path[:last] {
		request = request.Mutable(field).Message()
	}
	switch field := s.path[last]; {
	case field.IsMap():
		request.Mutable(field).Map().Set(s.key.MapKey(), s.values[0])
	case field.IsList():
		list := request.Mutable(field).List()
		for _, value := range s.values {
			list.Append(value)
		}
	default:
		request.Set(field, s.values[0])
	}
}
