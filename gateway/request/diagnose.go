package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"dataservice/gateway/route"
)

// diagnose finds out, for a person, why a body was refused by protojson, which
// stops at the first fault and words it for Go programmers. It only runs for
// refused bodies, and does bounded work.
func diagnose(text []byte, message protoreflect.MessageDescriptor) *Problem {
	if !utf8.Valid(text) {
		return invalid("The body is not valid UTF-8.")
	}
	if fault := syntaxFault(text); fault != "" {
		return invalid(fault)
	}
	if message == nil || !isObject(text) {
		return invalid("The body must be a JSON object.")
	}
	d := diagnosis{budget: 20000}
	d.object(text, message, "", 0)
	if len(d.violations) == 0 {
		return invalid("The body is not what the method takes.")
	}
	if d.cut {
		return invalid("The body does not fit the contract. Not all of it was looked at: there may be more faults than those listed.", d.violations...)
	}
	return invalid("The body does not fit the contract.", d.violations...)
}

// syntaxFault says where a text stops being one JSON value.
func syntaxFault(text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var value json.RawMessage
	err := decoder.Decode(&value)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return ""
		}
		line, column := position(text, decoder.InputOffset())
		return fmt.Sprintf("The body goes on after the end of its JSON value, from line %d, column %d.", line, column)
	}
	var syntax *json.SyntaxError
	if isTooDeep(text) {
		return fmt.Sprintf("The body is nested deeper than %d levels.", maxDepth)
	}
	if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
		line, column := position(text, syntax.Offset)
		return fmt.Sprintf("The body is not valid JSON, at line %d, column %d.", line, column)
	}
	return "The body is not valid JSON: it ends before its value does."
}

// isTooDeep tells whether a text is nested deeper than JSON decoders go.
func isTooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text) && depth <= maxDepth; i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return depth > maxDepth
}

// position is the line and column, from 1, of the last of the first n bytes.
func position(text []byte, n int64) (line, column int) {
	before := text[:max(min(n, int64(len(text)))-1, 0)]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

func isObject(text []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) }
func isNull(text []byte) bool   { return string(text) == "null" }

type diagnosis struct {
	violations []Violation
	// budget is how many more values are looked at.
	budget int
	// cut says that a part of the body was not looked at.
	cut bool
}

const maxDiagnosedDepth = 32

// maxDepth is how deep a text may be nested for encoding/json and protojson.
const maxDepth = 10000

func (d *diagnosis) add(path, description string) {
	d.violations = append(d.violations, Violation{path, description})
}

// spent takes one value off the budget, and tells whether it is enough.
func (d *diagnosis) spent() bool {
	d.budget--
	d.cut = d.cut || d.budget < 0
	return d.cut || len(d.violations) > maxViolations
}

// object looks for faults in the fields of an object.
func (d *diagnosis) object(text []byte, message protoreflect.MessageDescriptor, path string, depth int) {
	if !isObject(text) {
		d.add(path, "must be an object")
		return
	}
	seen := map[protoreflect.FieldNumber]bool{}
	oneofs := map[protoreflect.Name]string{}
	for name, value := range members(text) {
		if d.cut = d.cut || depth > maxDiagnosedDepth; d.spent() {
			return
		}
		field := route.FieldByName(message, name)
		if field == nil {
			d.add(join(path, name), "there is no such field")
			continue
		}
		at := join(path, field.JSONName())
		if seen[field.Number()] {
			d.add(at, "is given twice")
		}
		seen[field.Number()] = true
		if isNull(value) {
			continue
		}
		if oneof := field.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
			if other := oneofs[oneof.Name()]; other != "" {
				d.add(at, "excludes "+other+": only one of them may be given")
			}
			oneofs[oneof.Name()] = field.JSONName()
		}
		d.field(value, field, at, depth)
	}
}

// field looks for faults in the value of a field.
func (d *diagnosis) field(text []byte, field protoreflect.FieldDescriptor, path string, depth int) {
	switch {
	case field.IsMap():
		if !isObject(text) {
			d.add(path, "must be an object")
			return
		}
		seen := map[string]bool{}
		for key, value := range members(text) {
			if d.spent() {
				return
			}
			at := path + "[" + strconv.Quote(key) + "]"
			if seen[key] {
				d.add(at, "is given twice")
			}
			seen[key] = true
			if _, ok := parseValue(field.MapKey(), key); !ok {
				d.add(at, "has a wrong key: it "+expected(field.MapKey()))
				continue
			}
			d.value(value, field.MapValue(), at, depth)
		}
	case field.IsList():
		if !bytes.HasPrefix(text, []byte("[")) {
			d.add(path, "must be an array")
			return
		}
		i := 0
		for value := range elements(text) {
			if d.spent() {
				return
			}
			d.value(value, field, path+"["+strconv.Itoa(i)+"]", depth)
			i++
		}
	default:
		d.value(text, field, path, depth)
	}
}

// value looks for faults in one value: of a field, a list or a map.
func (d *diagnosis) value(text []byte, field protoreflect.FieldDescriptor, path string, depth int) {
	if message := field.Message(); message != nil && !isProtobuf(message) {
		d.object(text, message, path, depth+1)
		return
	}
	if accepts(field, text) {
		return
	}
	if field.Kind() == protoreflect.StringKind && text[0] == '"' {
		d.add(path, "has an escape that stands for no character")
		return
	}
	d.add(path, expected(field))
}

// isProtobuf tells whether ProtoJSON has a form of its own for the message.
func isProtobuf(message protoreflect.MessageDescriptor) bool {
	return message.ParentFile().Package() == "google.protobuf"
}

// accepts asks protojson itself about one value.
func accepts(field protoreflect.FieldDescriptor, text []byte) bool {
	holder := dynamicpb.NewMessage(field.ContainingMessage())
	wrapped := []byte(`{"` + field.JSONName() + `":`)
	if field.IsList() {
		wrapped = append(append(append(wrapped, '['), text...), ']')
	} else {
		wrapped = append(wrapped, text...)
	}
	return protojson.Unmarshal(append(wrapped, '}'), holder) == nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
