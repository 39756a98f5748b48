package request

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"dataservice/gateway/fields"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/value"
)

// diagnose returns the problem of a body that protojson rejected, with all
// violations and in words for people: protojson stops at the first one, and
// describes it for Go programmers. It does a bounded amount of work.
func diagnose(text []byte, message protoreflect.MessageDescriptor) *problem.Problem {
	return diagnosis{}.body(text, message)
}

// diagnosePatch is diagnose for a body of a PATCH, in which null is a value of all fields.
func diagnosePatch(text []byte, message protoreflect.MessageDescriptor) *problem.Problem {
	return diagnosis{patch: true}.body(text, message)
}

func (d diagnosis) body(text []byte, message protoreflect.MessageDescriptor) *problem.Problem {
	if p := diagnoseSyntax(text); p != nil {
		return p
	}
	if !isObject(text) {
		return problem.Invalid("The body must be a JSON object.")
	}
	d.budget = limits.DiagnosedValues
	d.object(text, message, "", 0)
	return d.problem()
}

// diagnoseField is diagnose for a body that is the value of a field.
func diagnoseField(text []byte, field protoreflect.FieldDescriptor) *problem.Problem {
	if p := diagnoseSyntax(text); p != nil {
		return p
	}
	d := diagnosis{budget: limits.DiagnosedValues}
	if text = bytes.TrimSpace(text); isNull(text) && !acceptsNull(field) {
		d.add("", mustNotBeNull)
	} else {
		d.field(text, field, "", 0)
	}
	return d.problem()
}

func diagnoseSyntax(text []byte) *problem.Problem {
	if !utf8.Valid(text) {
		return problem.Invalid("The body is not valid UTF-8.")
	}
	if fault := syntaxFault(text); fault != "" {
		return problem.Invalid(fault)
	}
	return nil
}

// problem returns the problem with the violations that were found.
func (d *diagnosis) problem() *problem.Problem {
	switch {
	case len(d.violations) == 0:
		return problem.Invalid("The body is not what the method takes.")
	case d.cut:
		return problem.Invalid(bodyInvalid+" Not all of it was looked at: there may be more faults than those listed.", d.violations...)
	}
	return problem.Invalid(bodyInvalid, d.violations...)
}

// diagnosis is a search for violations.
type diagnosis struct {
	violations []problem.Violation
	// budget is the number of values that may still be looked at.
	budget int
	// cut reports whether a part of the body was not looked at.
	cut bool
	// patch reports that null is a value of all fields.
	patch bool
}

func (d *diagnosis) add(path, description string) {
	d.violations = append(d.violations, problem.Violation{Field: path, Description: description})
}

// spent takes one value off the budget, and reports whether to stop.
func (d *diagnosis) spent() bool {
	d.budget--
	d.cut = d.cut || d.budget < 0
	return d.cut || len(d.violations) > limits.Violations
}

// object looks for violations in the fields of an object.
func (d *diagnosis) object(text []byte, message protoreflect.MessageDescriptor, path string, depth int) {
	if !isObject(text) {
		d.add(path, "must be an object")
		return
	}
	seen := map[protoreflect.FieldNumber]bool{}
	oneofs := map[protoreflect.Name]string{}
	for name, member := range members(text) {
		if d.cut = d.cut || depth > limits.DiagnosedDepth; d.spent() {
			return
		}
		field := fields.ByName(message, name)
		if field == nil {
			d.add(join(path, name), "there is no such field")
			continue
		}
		at := join(path, field.JSONName())
		if seen[field.Number()] {
			d.add(at, "is given twice")
		}
		seen[field.Number()] = true
		if isNull(member) {
			if !d.patch && !acceptsNull(field) {
				d.add(at, mustNotBeNull)
			}
			continue
		}
		if oneof := field.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
			if other := oneofs[oneof.Name()]; other != "" {
				d.add(at, "excludes "+other+": only one of them may be given")
			}
			oneofs[oneof.Name()] = field.JSONName()
		}
		d.field(member, field, at, depth)
	}
}

// field looks for violations in the value of a field.
func (d *diagnosis) field(text []byte, field protoreflect.FieldDescriptor, path string, depth int) {
	switch {
	case field.IsMap():
		if !isObject(text) {
			d.add(path, "must be an object")
			return
		}
		seen := map[string]bool{}
		for key, entry := range members(text) {
			if d.spent() {
				return
			}
			at := path + "[" + strconv.Quote(key) + "]"
			if seen[key] {
				d.add(at, "is given twice")
			}
			seen[key] = true
			if _, ok := value.Parse(field.MapKey(), key); !ok {
				d.add(at, "has a wrong key: it "+value.Expected(field.MapKey()))
				continue
			}
			d.value(entry, field.MapValue(), at, depth)
		}
	case field.IsList():
		if !bytes.HasPrefix(text, []byte("[")) {
			d.add(path, "must be an array")
			return
		}
		i := 0
		for element := range elements(text) {
			if d.spent() {
				return
			}
			d.value(element, field, path+"["+strconv.Itoa(i)+"]", depth)
			i++
		}
	default:
		d.value(text, field, path, depth)
	}
}

// value looks for violations in one value: of a field, a list or a map.
func (d *diagnosis) value(text []byte, field protoreflect.FieldDescriptor, path string, depth int) {
	if message := field.Message(); message != nil && !fields.HasOwnJSON(message) {
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
	d.add(path, value.Expected(field))
}

// accepts reports whether protojson accepts a value of the field.
func accepts(field protoreflect.FieldDescriptor, text []byte) bool {
	if field.IsList() {
		text = append(append([]byte{'['}, text...), ']')
	}
	return unmarshal(object(field, text), dynamicpb.NewMessage(field.ContainingMessage())) == nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
