package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// patch is the body of a PATCH read as a merge patch (RFC 7396): which parts of
// the resource change, and their new values.
type patch struct {
	// paths are the update mask: fields, entries of maps and members of
	// google.protobuf.Struct, in the form of AIP-161.
	paths []string
	// text is the body without what is removed.
	text []byte
	// violations are faults that the text does not show any more.
	violations []Violation

	body    []byte
	decoder *json.Decoder
}

// readPatch reads a body that is an object of the message. Faults of it that the
// text still has are left to its decoder; nil if it is no JSON object.
func readPatch(body []byte, message protoreflect.MessageDescriptor) *patch {
	if !isObject(body) || !utf8.Valid(body) || !json.Valid(body) {
		return nil
	}
	p := &patch{body: body, text: make([]byte, 0, len(body)), decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber() // the token of a number too large for a float is an error otherwise
	p.object(place{message: message}, "", "", 1)
	slices.Sort(p.paths) // the order of members means nothing
	if len(p.paths) > maxPatchPaths {
		p.violate("", fmt.Sprintf("changes more than %d fields and entries", maxPatchPaths))
	}
	return p
}

// object goes through an object that stands at the given place: its path in the
// mask, and in the client's JSON.
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
		case known && kind == '{' && inner.isObject() && depth < maxPatchDepth:
			p.object(inner, subPath, subShown, depth+1)
		case known && kind == '{' && inner.isObject():
			p.violate(subShown, fmt.Sprintf("is nested deeper than %d levels", maxPatchDepth))
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
		// Nothing changes in it, but there is an object then.
		p.paths = append(p.paths, path+".")
	}
}

// hasLoneSurrogate tells whether the decoder put a replacement character into a
// name, where protojson would refuse it.
func hasLoneSurrogate(raw []byte, name string) bool {
	const replacement = "\uFFFD"
	count := strings.Count(name, replacement)
	return count > 0 && count > bytes.Count(raw, []byte(replacement))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`))
}

// token takes the next token. The text is valid.
func (p *patch) token() json.Token {
	token, _ := p.decoder.Token()
	return token
}

// next is where the next token begins.
func (p *patch) next() int {
	i := int(p.decoder.InputOffset())
	for strings.IndexByte(" \t\r\n:,", p.body[i]) >= 0 {
		i++
	}
	return i
}

// copy takes a whole value over as it is.
func (p *patch) copy() {
	begin := p.next()
	p.skip()
	p.text = append(p.text, p.body[begin:p.decoder.InputOffset()]...)
}

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
	if len(p.violations) <= maxViolations {
		p.violations = append(p.violations, Violation{field, description})
	}
}

// place is where a value stands: in a message, in a map, or in a Struct or Value,
// whose members have any names. Nothing of it is set where a value has no parts
// of its own: lists, scalars, and messages that are one value.
type place struct {
	message protoreflect.MessageDescriptor
	entries protoreflect.FieldDescriptor
	free    bool
}

func (p place) isObject() bool { return p.message != nil || p.entries != nil || p.free }

// enter finds a member: its step in a mask's path, and what stands there.
func (p place) enter(name string) (step string, inner place, known bool) {
	switch {
	case p.free:
		return quoteStep(name), p, true
	case p.entries != nil:
		key, ok := parseValue(p.entries.MapKey(), name)
		if !ok {
			return "", place{}, false
		}
		return quoteStep(key.MapKey().String()), placeOf(p.entries.MapValue()), true
	}
	field := route.FieldByName(p.message, name)
	if field == nil {
		return "", place{}, false
	}
	return string(field.Name()), placeOf(field), true
}

// show is the path of a member in the client's JSON.
func (p place) show(path, name string) string {
	if p.message == nil {
		return path + "[" + strconv.Quote(name) + "]"
	}
	if field := route.FieldByName(p.message, name); field != nil {
		name = field.JSONName()
	}
	return join(path, name)
}

func placeOf(field protoreflect.FieldDescriptor) place {
	switch message := field.Message(); {
	case field.IsMap():
		return place{entries: field}
	case field.IsList() || message == nil:
		return place{}
	case message.FullName() == "google.protobuf.Struct" || message.FullName() == "google.protobuf.Value":
		return place{free: true}
	case isOneValue(message):
		return place{}
	default:
		return place{message: message}
	}
}

// quoteStep writes a key as a step of a path (AIP-161).
func quoteStep(key string) string {
	plain := func(r rune) bool {
		return r == '_' || r == '-' || ('0' <= r && r <= '9') || ('a' <= r && r <= 'z') || ('A' <= r && r <= 'Z')
	}
	if key != "" && strings.IndexFunc(key, func(r rune) bool { return !plain(r) }) < 0 {
		return key
	}
	return "`" + strings.ReplaceAll(key, "`", "``") + "`"
}
