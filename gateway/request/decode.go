package request

import (
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"dataservice/gateway/problem"
)

const bodyInvalid = "The body does not fit the contract."

// decodeBody decodes the body into the request message or a field of it.
func (q *Request) decodeBody(message protoreflect.Message) *problem.Problem {
	text, field := q.body.text, q.route.Body
	switch {
	case field != nil && q.route.BodyMessage() == nil:
		return decodeField(text, field, message)
	case q.route.UpdateMask != nil && !q.hasUpdateMask():
		return q.decodePatch(message)
	case field != nil:
		message = message.Mutable(field).Message()
	}
	failed := unmarshal(text, message) != nil
	switch {
	case q.route.UpdateMask != nil && failed:
		return diagnosePatch(text, message.Descriptor())
	case q.route.UpdateMask == nil && (failed || hasNull(text, message.Descriptor())):
		return diagnose(text, message.Descriptor())
	}
	return nil
}

// decodeField decodes a body that is the value of a list, a map or a scalar.
func decodeField(text []byte, field protoreflect.FieldDescriptor, message protoreflect.Message) *problem.Problem {
	whole := object(field, text)
	if json.Valid(text) && unmarshal(whole, message) == nil && !hasNull(whole, message.Descriptor()) {
		return nil
	}
	return diagnoseField(text, field)
}

// decodePatch decodes the body of a PATCH and sets the update mask.
func (q *Request) decodePatch(message protoreflect.Message) *problem.Problem {
	row := message.Mutable(q.route.Body).Message()
	p := readPatch(q.body.text, q.route)
	if p == nil {
		return diagnosePatch(q.body.text, row.Descriptor())
	}
	if unmarshal(p.text, row) != nil {
		return diagnosePatch(p.text, row.Descriptor())
	}
	if len(p.violations) > 0 {
		return problem.Invalid(bodyInvalid, p.violations...)
	}
	mask := &fieldmaskpb.FieldMask{Paths: p.paths}
	message.Set(q.route.UpdateMask, protoreflect.ValueOfMessage(mask.ProtoReflect()))
	return nil
}

// hasUpdateMask reports whether the query has the update mask of a PATCH.
func (q *Request) hasUpdateMask() bool {
	return slices.ContainsFunc(q.parameters, func(s setting) bool { return s.path[0] == q.route.UpdateMask })
}

func unmarshal(text []byte, message protoreflect.Message) error {
	return protojson.Unmarshal(text, message.Interface())
}

// object returns a JSON object with one member.
func object(field protoreflect.FieldDescriptor, value []byte) []byte {
	text := append([]byte(`{"`+field.JSONName()+`":`), value...)
	return append(text, '}')
}
