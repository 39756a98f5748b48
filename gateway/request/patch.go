package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/fields"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/value"
)

// patch is the body of a PATCH, read as a merge patch (RFC 7396): the parts of
// the resource that change, and their new values.
type patch struct {
	// paths are the update mask: fields, entries of maps and members of
	// google.protobuf.Struct, in the syntax of AIP-161.
	paths []string
	// text is the body without the members that are null.
	text []byte
	// violations are faults of the body that text no longer has.
	violations []problem.Violation

	body    []byte
	limits  *engine.Limits
	decoder *json.Decoder
}

// readPatch reads a body with fields of the route's resource. It returns nil if the body is
// not a JSON object. It leaves faults that text still has to protojson.
func readPatch(body []byte, route *contract.Route) *patch {
	if !isObject(body) || !utf8.Valid(body) || !json.Valid(body) {
		return nil
	}
	p := &patch{body: body, limits: route.Limits, text: make([]byte, 0, len(body)), decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber() // the token of a number too large for a float is an error otherwise
	p.object(place{route: route, message: route.BodyMessage()}, "", "", 1)
	slices.Sort(p.paths) // the order of members means nothing
	if most := int(p.limits.GetMaskPaths()); len(p.paths) > most {
		p.violate("", fmt.Sprintf("changes more than %d fields and entries", most))
	}
	return p
}

// object reads an object. at is its type, path its path in the mask, and shown its
// path in the JSON of the client.
func (p *patch) object(at place, path, shown string, depth int) {
	p.token()
	p.text = append(p.text, '{')
	empty := true
	seen := map[string]bool{}
	for p.decoder.More() {
		begin := p.next()
		name, _ := p.token().(string)
		rawName := p.body[begin:p.decoder.InputOffset()]
		step, inner, known := at.enter(name)
		subPath, subShown := join(path, step), at.show(shown, name)
		if known && seen[step] {
			p.violate(subShown, "is given twice")
		}
		if hasLoneSurrogate(rawName, name) {
			p.violate(subShown, "has an escape that stands for no character")
		}
		seen[step] = seen[step] || known
		kind := p.body[p.next()]
		if known && kind == 'n' {
			p.skip()
			p.paths = append(p.paths, subPath)
			continue
		}
		if !empty {
			p.text = append(p.text, ',')
		}
		empty = false
		p.text = append(append(p.text, rawName...), ':')
		switch {
		case known && kind == '{' && inner.isObject() && depth < int(p.limits.GetMaskDepth()):
			p.object(inner, subPath, subShown, depth+1)
		case known && kind == '{' && inner.isObject():
			p.violate(subShown, fmt.Sprintf("is nested deeper than %d levels", p.limits.GetMaskDepth()))
			p.copy()
		default:
			p.copy()
			if known {
				p.paths = append(p.paths, subPath)
			}
		}
	}
	p.token()
	p.text = append(p.text, '}')
	if path != "" && len(seen) == 0 {
		// Nothing in the object changes, but it exists afterwards.
		p.paths = append(p.paths, path+".")
	}
}

// hasLoneSurrogate reports whether the decoder replaced a lone surrogate in a
// name, which protojson rejects.
func hasLoneSurrogate(raw []byte, name string) bool {
	const replacement = "\uFFFD"
	count := strings.Count(name, replacement)
	return count > 0 && count > bytes.Count(raw, []byte(replacement))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`))
}

// token reads the next token. The body is valid JSON.
func (p *patch) token() json.Token {
	token, _ := p.decoder.Token()
	return token
}

// next returns the offset of the next token.
func (p *patch) next() int {
	i := int(p.decoder.InputOffset())
	for strings.IndexByte(" \t\r\n:,", p.body[i]) >= 0 {
		i++
	}
	return i
}

// copy appends the next value to text unchanged.
func (p *patch) copy() {
	begin := p.next()
	p.skip()
	p.text = append(p.text, p.body[begin:p.decoder.InputOffset()]...)
}

// skip reads the next value.
func (p *patch) skip() {
	for depth := 0; ; {
		switch p.token() {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
	}
}

func (p *patch) violate(field, description string) {
	if len(p.violations) <= limits.Violations {
		p.violations = append(p.violations, problem.Violation{Field: field, Description: description})
	}
}

// place is the type of a JSON object: a message, a map (entries is its field), or a
// Struct or Value, whose members have any name (free). The zero place is that of
// a value without parts: a list, a scalar, or a message that is one value.
type place struct {
	route   *contract.Route
	message protoreflect.MessageDescriptor
	entries protoreflect.FieldDescriptor
	free    bool
}

func (p place) isObject() bool { return p.message != nil || p.entries != nil || p.free }

// enter returns the step of a member in the path of a mask, and its type. known
// reports whether the object can have the member.
func (p place) enter(name string) (step string, inner place, known bool) {
	switch {
	case p.free:
		return quoteStep(name), p, true
	case p.entries != nil:
		key, ok := value.Parse(p.entries.MapKey(), name)
		if !ok {
			return "", place{}, false
		}
		return quoteStep(key.MapKey().String()), p.of(p.entries.MapValue()), true
	}
	field := fields.ByName(p.message, name)
	if field == nil {
		return "", place{}, false
	}
	return string(field.Name()), p.of(field), true
}

// show returns the path of a member in the JSON of the client.
func (p place) show(path, name string) string {
	if p.message == nil {
		return path + "[" + strconv.Quote(name) + "]"
	}
	if field := fields.ByName(p.message, name); field != nil {
		name = field.JSONName()
	}
	return join(path, name)
}

// of returns the type of the values of a field.
func (p place) of(field protoreflect.FieldDescriptor) place {
	switch message := field.Message(); {
	case field.IsMap():
		return place{route: p.route, entries: field}
	case field.IsList() || message == nil:
		return place{}
	case message.FullName() == "google.protobuf.Struct" || message.FullName() == "google.protobuf.Value":
		return place{free: true}
	case p.route.IsOneValue(message):
		return place{}
	default:
		return place{route: p.route, message: message}
	}
}

// quoteStep returns a key as a step of a path (AIP-161).
func quoteStep(key string) string {
	plain := func(r rune) bool {
		return r == '_' || r == '-' || ('0' <= r && r <= '9') || ('a' <= r && r <= 'z') || ('A' <= r && r <= 'Z')
	}
	if key != "" && strings.IndexFunc(key, func(r rune) bool { return !plain(r) }) < 0 {
		return key
	}
	return "`" + strings.ReplaceAll(key, "`", "``") + "`"
}
