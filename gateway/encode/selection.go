package edge

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/route"
)

// selection is which fields of a message are written. The server answers a read
// with the fields that its mask names (AIP-157), and without a mask with those
// that are stored. The others are unset in its answer, and their zeros would be
// false: they are left out. nil is the selection without a mask.
type selection struct {
	// only the fields below are written, not all.
	only bool
	// computed fields without presence are written even if they are zero.
	computed bool
	// fields that have a selection of their own, or that are written; nil writes
	// a message whole.
	fields map[protoreflect.Name]*selection
}

// of is the selection within a field, and whether the field is written at all.
// Without a selection one is that is stored, or that is set.
func (s *selection) of(field *fieldEncoder, stored bool) (*selection, bool) {
	if s == nil {
		return nil, stored
	}
	inner, named := s.fields[field.Name()]
	if s.only {
		return inner, named
	}
	return inner, named || s.computed || stored
}

// newSelection is what a mask with these paths selects of the message.
func newSelection(paths protoreflect.List, message protoreflect.MessageDescriptor) *selection {
	if paths.Len() == 1 && paths.Get(0).String() == "*" {
		return &selection{computed: true}
	}
	root := &selection{only: true, fields: map[protoreflect.Name]*selection{}}
	for i := range paths.Len() {
		root.add(paths.Get(i).String(), message)
	}
	return root
}

// add adds a path. One that names no field the server refuses.
func (s *selection) add(path string, message protoreflect.MessageDescriptor) {
	if message == nil {
		return
	}
	name, rest, nested := strings.Cut(path, ".")
	field := route.FieldOfMask(message, name)
	if field == nil {
		return
	}
	inner, known := s.fields[field.Name()]
	switch {
	case known && inner == nil: // is written whole
	case !nested:
		s.fields[field.Name()] = nil
	default:
		if inner == nil {
			inner = &selection{only: true, fields: map[protoreflect.Name]*selection{}}
			s.fields[field.Name()] = inner
		}
		inner.add(rest, field.Message())
	}
}

// readMask is the field of a read's request that says what to answer; nil
// without one.
func readMask(request protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	if field := request.Fields().ByName("read_mask"); field != nil && isMask(field) {
		return field
	}
	return nil
}

// rowsField is the field of a list's or a batch's answer that has the rows, to
// which the mask applies; nil where it applies to the answer itself.
func rowsField(answer protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	fields := answer.Fields()
	list := fields.ByName("next_page_token") != nil // AIP-158
	batch := fields.Len() == 1                      // AIP-231
	if !list && !batch {
		return nil
	}
	for i := range fields.Len() {
		if field := fields.Get(i); field.IsList() && field.Message() != nil {
			return field
		}
	}
	return nil
}

// selects finds out what the answer to a request will have.
func (b *binding) selects(request protoreflect.Message) *selection {
	if b.readMask == nil || !request.Has(b.readMask) {
		return nil
	}
	mask := request.Get(b.readMask).Message()
	paths := mask.Get(mask.Descriptor().Fields().ByName("paths")).List()
	if paths.Len() == 0 {
		return nil
	}
	if b.rows != nil {
		selected := newSelection(paths, b.rows.Message())
		return &selection{fields: map[protoreflect.Name]*selection{b.rows.Name(): selected}}
	}
	return newSelection(paths, b.Method.Output())
}

// selectedMessage is an answer of which only some fields are written.
type selectedMessage struct {
	proto.Message
	selection *selection
}

// selectFields is where grpc-gateway hands over an answer to be written.
func selectFields(ctx context.Context, message proto.Message) (any, error) {
	if c := callFrom(ctx); c != nil && c.selection != nil {
		return selectedMessage{message, c.selection}, nil
	}
	return message, nil
}

// isComputed tells whether a field is one that the server computes only where a
// read mask asks for it: the option (storage.v1.column).computed. Each contract
// has Go code of its own for it, so it is found by name.
func isComputed(field protoreflect.FieldDescriptor) bool {
	column, err := protoregistry.GlobalTypes.FindExtensionByName("storage.v1.column")
	if err != nil || !proto.HasExtension(field.Options(), column) {
		return false
	}
	option := proto.GetExtension(field.Options(), column).(proto.Message).ProtoReflect()
	computed := option.Descriptor().Fields().ByName("computed")
	return computed != nil && option.Has(computed)
}
