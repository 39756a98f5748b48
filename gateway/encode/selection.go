package encode

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/fields"
)

// Selection decides which fields of a message are written. With a read mask the
// server returns the fields that the mask names (AIP-157), without one the
// stored fields. All other fields are unset in its answer; writing their zero
// values would be wrong, so they are left out. A nil Selection is that of an
// answer without a mask.
type Selection struct {
	// only restricts the output to the fields below.
	only bool
	// computed writes computed fields without presence even if they are zero.
	computed bool
	// fields have the selections of message fields; nil writes all of a field.
	fields map[protoreflect.Name]*Selection
}

// Select returns what a mask with these paths selects of the message. Paths of
// unknown fields, which the server rejects, select nothing.
func Select(paths []string, message protoreflect.MessageDescriptor) *Selection {
	if len(paths) == 1 && paths[0] == "*" {
		return &Selection{computed: true}
	}
	root := &Selection{only: true, fields: map[protoreflect.Name]*Selection{}}
	for _, path := range paths {
		root.add(path, message)
	}
	return root
}

// Within returns a selection that applies to the messages in one field, and
// writes all other fields.
func (s *Selection) Within(field protoreflect.Name) *Selection {
	return &Selection{fields: map[protoreflect.Name]*Selection{field: s}}
}

// of returns the selection within a field, and whether the field is written.
// stored reports whether an answer without a mask has the field.
func (s *Selection) of(field protoreflect.Name, stored bool) (*Selection, bool) {
	if s == nil {
		return nil, stored
	}
	inner, named := s.fields[field]
	if s.only {
		return inner, named
	}
	return inner, named || s.computed || stored
}

func (s *Selection) add(path string, message protoreflect.MessageDescriptor) {
	if message == nil {
		return
	}
	name, rest, nested := strings.Cut(path, ".")
	field := fields.ByMaskName(message, name)
	if field == nil {
		return
	}
	inner, known := s.fields[field.Name()]
	switch {
	case known && inner == nil: // another path selects all of it
	case !nested:
		s.fields[field.Name()] = nil
	default:
		if inner == nil {
			inner = &Selection{only: true, fields: map[protoreflect.Name]*Selection{}}
			s.fields[field.Name()] = inner
		}
		inner.add(rest, field.Message())
	}
}
