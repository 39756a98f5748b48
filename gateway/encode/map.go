package encode

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// mapEntry is one entry of a map on the wire.
type mapEntry struct{ key, value wireValue }

// appendMap appends a map in the order of its keys. wire is the range of its
// entries, as for appendList.
func (f *field) appendMap(text, wire []byte, selected *Selection, depth int) ([]byte, error) {
	entries, err := f.entries(wire)
	if err != nil {
		return nil, err
	}
	compare := f.mapKey.compareKeys
	slices.SortStableFunc(entries, compare)
	text = append(text, '{')
	begin := len(text)
	for i := range entries {
		entry := &entries[i]
		if i+1 < len(entries) && compare(*entry, entries[i+1]) == 0 {
			continue // of entries with the same key, the last one is valid
		}
		if len(text) > begin {
			text = append(text, ',')
		}
		if text, err = f.mapKey.appendKey(text, &entry.key); err != nil {
			return nil, err
		}
		text = append(text, ':')
		if text, err = f.mapValue.appendValue(text, entry.value, selected, depth); err != nil {
			return nil, err
		}
	}
	return append(text, '}'), nil
}

// entries reads the entries of a map.
func (f *field) entries(wire []byte) ([]mapEntry, error) {
	var entries []mapEntry
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		wire = wire[n:]
		if number != f.Number() {
			wire = wire[protowire.ConsumeFieldValue(number, kind, wire):]
			continue
		}
		content, n := protowire.ConsumeBytes(wire)
		wire = wire[n:]
		entry, err := f.entry(content)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func (f *field) entry(wire []byte) (entry mapEntry, err error) {
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return entry, errIrregular
		}
		wire = wire[n:]
		part, descriptor := &entry.key, f.mapKey
		if number == f.mapValue.Number() {
			part, descriptor = &entry.value, f.mapValue
		}
		if number > f.mapValue.Number() || part.set || kind != wireType(descriptor.kind) {
			return entry, errIrregular
		}
		if n = part.consume(number, kind, wire); n < 0 {
			return entry, errIrregular
		}
		part.set = true
		wire = wire[n:]
	}
	return entry, nil
}

func (f *field) compareKeys(a, b mapEntry) int {
	switch f.kind {
	case protoreflect.StringKind:
		return slices.Compare(a.key.last, b.key.last)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind, protoreflect.BoolKind:
		return cmp.Compare(a.key.number, b.key.number)
	}
	return cmp.Compare(signed(f.kind, a.key.number), signed(f.kind, b.key.number))
}

// appendKey appends a key, which is a string in JSON.
func (f *field) appendKey(text []byte, key *wireValue) ([]byte, error) {
	switch f.kind {
	case protoreflect.BoolKind, protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind,
		protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		text, err := f.appendValue(append(text, '"'), *key, nil, 0)
		return append(text, '"'), err
	}
	return f.appendValue(text, *key, nil, 0) // is a JSON string already
}
