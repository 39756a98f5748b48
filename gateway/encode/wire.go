package edge

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// An answer is written as JSON straight from its wire bytes, without a message
// between: half of the work of a long answer. Only what servers really send is
// known here. Whatever is rarer (a value split over the wire, a map, a required
// field) is refused, and the caller decodes the message and writes that: the
// result is the same.

// wireFields is what an encoder needs to find its fields in wire bytes.
type wireFields struct {
	// byNumber is the place of each field, from 1; 0 for unknown numbers.
	byNumber []uint8
	// oneof is the place of each field's oneof, from 1; 0 for none.
	oneof  []uint8
	oneofs int
}

const (
	// maxWireFields and maxWireNumber bound what is looked up in a table.
	maxWireFields = 64
	maxWireNumber = 1024
	// maxWireDepth is how deep messages may be within each other.
	maxWireDepth = 100
)

func newWireFields(e *encoder) *wireFields {
	if len(e.fields) > maxWireFields {
		return nil
	}
	w := &wireFields{oneof: make([]uint8, len(e.fields))}
	for i := range e.fields {
		f := &e.fields[i]
		enum := f.value.Enum()
		if f.Number() > maxWireNumber || f.Cardinality() == protoreflect.Required ||
			f.kind == protoreflect.GroupKind || (enum != nil && enum.IsClosed()) {
			return nil
		}
		for len(w.byNumber) <= int(f.Number()) {
			w.byNumber = append(w.byNumber, 0)
		}
		w.byNumber[f.Number()] = uint8(i + 1)
		if oneof := f.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
			w.oneof[i] = uint8(oneof.Index() + 1)
			w.oneofs = max(w.oneofs, oneof.Index()+1)
		}
		f.zero = f.zeroText()
	}
	if w.oneofs > maxWireFields {
		return nil
	}
	return w
}

func (f *fieldEncoder) zeroText() string {
	switch {
	case f.IsMap():
		return "{}"
	case f.IsList():
		return "[]"
	case f.presence:
		return ""
	}
	text, _ := f.appendValue(nil, f.Default(), nil)
	return string(text)
}

// wireValue is where a field's values are: the last, and from where to where
// all of them, tags included.
type wireValue struct {
	first, end  int
	last        []byte // of strings, bytes and messages
	number      uint64 // of all else
	set, packed bool
}

// appendWire writes a message from its wire bytes as append does from the
// message. It refuses what it cannot; then the text is not to be used.
func (e *encoder) appendWire(text, wire []byte, selected *selection, depth int) ([]byte, bool) {
	if e.wire == nil || depth > maxWireDepth {
		return text, false
	}
	var room [16]wireValue
	values := room[:]
	if len(e.fields) > len(room) {
		values = make([]wireValue, len(e.fields))
	}
	if !e.find(values, wire) {
		return text, false
	}
	text = append(text, '{')
	first := true
	for i := range e.fields {
		f, v := &e.fields[i], &values[i]
		if f.presence && !v.set {
			continue
		}
		inner, written := selected.of(f, !f.computed || f.isSet(v))
		if !written {
			continue
		}
		if !first {
			text = append(text, ',')
		}
		first = false
		text = append(text, f.key...)
		ok := true
		switch {
		case !v.set:
			text = append(text, f.zero...)
		case f.IsList():
			text, ok = f.appendWireList(text, wire[v.first:v.end], inner, depth)
		default:
			text, ok = f.appendWireValue(text, v.number, v.last, inner, depth)
		}
		if !ok {
			return text, false
		}
	}
	return append(text, '}'), true
}

// isSet tells whether a message that is decoded would have the field.
func (f *fieldEncoder) isSet(v *wireValue) bool {
	return v.set && (f.presence || f.IsList() || len(v.last) > 0 || v.number != 0)
}

// find looks for the fields of a message.
func (e *encoder) find(values []wireValue, wire []byte) bool {
	var oneofs [maxWireFields + 1]uint8
	for at := 0; at < len(wire); {
		number, kind, n := protowire.ConsumeTag(wire[at:])
		if n < 0 {
			return false
		}
		begin := at
		at += n
		place := uint8(0)
		if int(number) < len(e.wire.byNumber) {
			place = e.wire.byNumber[number]
		}
		if place == 0 {
			if n = protowire.ConsumeFieldValue(number, kind, wire[at:]); n < 0 {
				return false
			}
			at += n
			continue
		}
		f, v := &e.fields[place-1], &values[place-1]
		if oneof := e.wire.oneof[place-1]; oneof > 0 {
			if other := oneofs[oneof]; other > 0 && other != place {
				return false
			}
			oneofs[oneof] = place
		}
		if f.IsMap() || (v.set && f.value.Message() != nil && !f.IsList()) {
			return false // to be sorted, or to be merged
		}
		if v.number, v.last, n = consume(kind, wire[at:]); n < 0 {
			return false
		}
		at += n
		if wanted := wireType(f.kind); kind != wanted {
			if !f.IsList() || kind != protowire.BytesType || len(v.last) == 0 {
				return false
			}
			v.packed = true
		}
		if !v.set {
			v.set, v.first = true, begin
		}
		v.end = at
	}
	return true
}

// consume takes a value off the wire: a number, or bytes. n is below 0 for what
// is neither.
func consume(kind protowire.Type, wire []byte) (number uint64, bytes []byte, n int) {
	switch kind {
	case protowire.VarintType:
		number, n = protowire.ConsumeVarint(wire)
	case protowire.Fixed32Type:
		var small uint32
		small, n = protowire.ConsumeFixed32(wire)
		number = uint64(small)
	case protowire.Fixed64Type:
		number, n = protowire.ConsumeFixed64(wire)
	case protowire.BytesType:
		bytes, n = protowire.ConsumeBytes(wire)
	default:
		n = -1
	}
	return number, bytes, n
}

func wireType(kind protoreflect.Kind) protowire.Type {
	switch kind {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}

// unmarshal decodes what appendWire refuses.
func unmarshal(wire []byte, kind protoreflect.MessageType) (protoreflect.Message, error) {
	message := kind.New()
	return message, proto.Unmarshal(wire, message.Interface())
}
