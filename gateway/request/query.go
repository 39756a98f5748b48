package request

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/fields"
	"dataservice/gateway/problem"
	"dataservice/gateway/value"
)

// parseQuery reads the query parameters of a request. Each must be a field of the
// request message that neither path nor body fills.
func parseQuery(r *contract.Route, raw string) ([]setting, []problem.Violation) {
	if raw == "" {
		return nil, nil
	}
	parameters, err := url.ParseQuery(raw)
	if err != nil {
		return nil, []problem.Violation{{Description: "the query is malformed: names and values must be URL-encoded, with & between"}}
	}
	var settings []setting
	var violations []problem.Violation
	seen := make(map[string]bool, len(parameters))
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		s, canonical, fault := parseParameter(r, name, parameters[name])
		if fault == "" && seen[canonical] {
			fault = "is given twice, in two spellings"
		}
		seen[canonical] = true
		if fault != "" {
			violations = append(violations, problem.Violation{Field: strings.ToValidUTF8(name, "\uFFFD"), Description: fault})
			continue
		}
		settings = append(settings, s)
	}
	return settings, append(violations, oneofViolations(settings)...)
}

// parseParameter reads one parameter. fault describes what is wrong with it, and
// is "" if nothing is. canonical is the same for both spellings of a field.
func parseParameter(r *contract.Route, name string, texts []string) (s setting, canonical, fault string) {
	names, key, hasKey := strings.Cut(name, "[")
	path := fields.ByPath(r.Method.Input(), names)
	if path == nil {
		return s, name, "there is no such query parameter"
	}
	s.path = path
	canonical = path.String()
	if r.Taken(canonical) {
		return s, canonical, "is no query parameter here: it belongs in the path or in the body"
	}
	field := path.Last()
	if message := field.Message(); message != nil && !field.IsMap() && !value.IsScalar(message) {
		return s, canonical, "is an object: give its fields, as " + names + ".NAME"
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
		parsed, ok := value.Parse(field, text)
		if !ok {
			return s, canonical, value.Expected(field)
		}
		if s.value = parsed; field.IsList() {
			s.list = append(s.list, parsed)
		}
	}
	return s, canonical, ""
}

// parseEntry reads an entry of a map: name[key]=value.
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
	var ok bool
	if s.key, ok = value.Parse(field.MapKey(), key); !ok {
		return "has a wrong key: it " + value.Expected(field.MapKey())
	}
	if s.value, ok = value.Parse(field.MapValue(), texts[0]); !ok {
		return value.Expected(field.MapValue())
	}
	return ""
}

// oneofViolations finds members of one oneof that are set together.
func oneofViolations(settings []setting) []problem.Violation {
	var violations []problem.Violation
	seen := map[string]bool{}
	for _, s := range settings {
		field := s.path.Last()
		oneof := field.ContainingOneof()
		if oneof == nil || oneof.IsSynthetic() {
			continue
		}
		key := s.path[:len(s.path)-1].String() + "." + string(oneof.Name())
		if seen[key] {
			violations = append(violations, problem.Violation{
				Field: field.JSONName(), Description: "excludes another parameter that is given: only one of them may be",
			})
		}
		seen[key] = true
	}
	return violations
}

// textFault describes why a text cannot be a value of any field; "" if it can.
func textFault(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "is not valid UTF-8"
	case strings.Contains(text, "\x00"):
		return "contains a NUL character"
	}
	return ""
}
