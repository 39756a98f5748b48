package encode

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// wireValue is where the values of a field are in the wire format.
type wireValue struct {
	// first and end are the range of all values, with their tags.
	first, end int
	// last is the content of the last value that is a string, bytes or message;
	// number is the last value of any other kind.
	last   []byte
	number uint64
	set    bool
}

// append appends the JSON of a message.
func (e *Encoder) append(text, wire []byte, selected *Selection, depth int) ([]byte, error) {
	if e.ownForm {
		return appendOwnForm(text, wire, e.message)
	}
	if depth > protowire.DefaultRecursionLimit {
		return nil, errIrregular
	}
	var room [16]wireValue
	values := room[:]
	if len(e.fields) > len(room) {
		values = make([]wireValue, len(e.fields))
	}
	if err := e.find(values, wire); err != nil {
		return nil, err
	}
	text = append(text, '{')
	first := true
	for i := range e.fields {
		f, v := &e.fields[i], &values[i]
		if f.presence && !v.set {
			continue
		}
		inner, written := selected.of(f.Name(), !f.computed || f.isSet(v))
		if !written {
			continue
		}
		if !first {
			text = append(text, ',')
		}
		first = false
		text = append(text, f.key...)
		if !v.set {
			text = append(text, f.zero...)
			continue
		}
		var err error
		if text, err = f.append(text, wire, v, inner, depth); err != nil {
			return nil, err
		}
	}
	return append(text, '}'), nil
}

// isSet reports whether the decoded message would have the field.
func (f *field) isSet(v *wireValue) bool {
	return v.set && (f.presence || f.list || f.isMap || len(v.last) > 0 || v.number != 0)
}

// append appends the value of a field: one value, a list or a map.
func (f *field) append(text, wire []byte, v *wireValue, selected *Selection, depth int) ([]byte, error) {
	switch {
	case !v.set:
		return append(text, f.zero...), nil
	case f.list:
		return f.appendList(text, wire[v.first:v.end], selected, depth)
	case f.isMap:
		return f.appendMap(text, wire[v.first:v.end], selected, depth)
	}
	return f.appendValue(text, *v, selected, depth)
}

// find finds the values of all fields of a message.
func (e *Encoder) find(values []wireValue, wire []byte) error {
	var room [8]uint16
	oneofs := room[:]
	if e.oneofs >= len(room) {
		oneofs = make([]uint16, e.oneofs+1)
	}
	for at := 0; at < len(wire); {
		number, kind, n := protowire.ConsumeTag(wire[at:])
		if n < 0 {
			return errIrregular
		}
		begin := at
		at += n
		place := e.place(number)
		if place == 0 {
			if n = protowire.ConsumeFieldValue(number, kind, wire[at:]); n < 0 {
				return errIrregular
			}
			at += n
			continue
		}
		f, v := &e.fields[place-1], &values[place-1]
		if f.oneof > 0 {
			if other := oneofs[f.oneof]; other > 0 && other != place {
				return errIrregular
			}
			oneofs[f.oneof] = place
		}
		if v.set && f.Message() != nil && !f.list && !f.isMap {
			return errIrregular // the parts must be merged
		}
		if n = v.consume(number, kind, wire[at:]); n < 0 {
			return errIrregular
		}
		at += n
		if kind != wireType(f.kind) && (!f.list || kind != protowire.BytesType || len(v.last) == 0) {
			return errIrregular // and not packed
		}
		if !v.set {
			v.set, v.first = true, begin
		}
		v.end = at
	}
	return nil
}

// place returns the index of a field plus one; 0 for an unknown number.
func (e *Encoder) place(number protowire.Number) uint16 {
	if int(number) < len(e.places) {
		return e.places[number]
	}
	return e.farPlaces[number]
}

// consume reads one value without its tag. It returns the length of the value,
// which is negative if the data is malformed.
func (v *wireValue) consume(field protowire.Number, kind protowire.Type, wire []byte) (n int) {
	switch kind {
	case protowire.VarintType:
		v.number, n = protowire.ConsumeVarint(wire)
	case protowire.Fixed32Type:
		var small uint32
		small, n = protowire.ConsumeFixed32(wire)
		v.number = uint64(small)
	case protowire.Fixed64Type:
		v.number, n = protowire.ConsumeFixed64(wire)
	case protowire.BytesType:
		v.last, n = protowire.ConsumeBytes(wire)
	case protowire.StartGroupType:
		v.last, n = protowire.ConsumeGroup(field, wire)
	default:
		n = -1
	}
	return n
}

func wireType(kind protoreflect.Kind) protowire.Type {
	switch kind {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.GroupKind:
		return protowire.StartGroupType
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}
