// Package encode writes Protobuf messages as ProtoJSON, with the fields without
// presence always present. It is the only place of the gateway where an answer
// becomes JSON: its interface is For, Encoder.Append
// and Selection.
//
// The input is the wire format, as the server sends it, because that takes half
// of the time of decoding a message first.
package encode

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/fields"
)

// Encoder writes one type of message. It is safe for concurrent use.
type Encoder struct {
	message protoreflect.MessageDescriptor
	// ownForm reports whether ProtoJSON has a form of its own for the message.
	ownForm bool
	fields  []field
	// places are the indexes in fields, plus one, by field number; 0 for an
	// unknown number. farPlaces has those of numbers that are too large for it.
	places    []uint16
	farPlaces map[protoreflect.FieldNumber]uint16
	oneofs    int
	// size is the size of the last text: the initial capacity of the next.
	size atomic.Int64
}

// field is what is known in advance about a field, a map key or a map value.
type field struct {
	protoreflect.FieldDescriptor
	// key is the JSON name in quotes, with the colon.
	key                             string
	list, isMap, presence, computed bool
	kind                            protoreflect.Kind
	message                         *Encoder // of message values; nil if they have a form of their own
	enum                            protoreflect.EnumDescriptor
	mapKey, mapValue                *field
	oneof                           int    // index in the message's oneofs, plus one
	zero                            string // of an unset field without presence
}

// encoders are created when a type is first written.
var encoders sync.Map // protoreflect.FullName -> *Encoder

// For returns the encoder of a type.
func For(message protoreflect.MessageDescriptor) *Encoder {
	if known, ok := encoders.Load(message.FullName()); ok {
		return known.(*Encoder)
	}
	created := map[protoreflect.FullName]*Encoder{}
	e := newEncoder(message, created)
	for name, inner := range created {
		encoders.LoadOrStore(name, inner)
	}
	return e
}

// maxPlace is the largest field number that Encoder.places holds.
const maxPlace = 1024

func newEncoder(message protoreflect.MessageDescriptor, created map[protoreflect.FullName]*Encoder) *Encoder {
	if e, ok := created[message.FullName()]; ok {
		return e
	}
	e := &Encoder{message: message, ownForm: fields.HasOwnJSON(message), oneofs: message.Oneofs().Len()}
	created[message.FullName()] = e
	if e.ownForm {
		return e
	}
	all := message.Fields()
	e.fields = make([]field, all.Len())
	for i := range all.Len() {
		f := all.Get(i)
		e.fields[i] = newField(f, created)
		place := uint16(i + 1)
		if f.Number() > maxPlace {
			if e.farPlaces == nil {
				e.farPlaces = map[protoreflect.FieldNumber]uint16{}
			}
			e.farPlaces[f.Number()] = place
			continue
		}
		for len(e.places) <= int(f.Number()) {
			e.places = append(e.places, 0)
		}
		e.places[f.Number()] = place
	}
	return e
}

func newField(descriptor protoreflect.FieldDescriptor, created map[protoreflect.FullName]*Encoder) field {
	f := field{
		FieldDescriptor: descriptor, key: strconv.Quote(descriptor.JSONName()) + ":",
		list: descriptor.IsList(), isMap: descriptor.IsMap(), presence: descriptor.HasPresence(),
		computed: isComputed(descriptor), kind: descriptor.Kind(), enum: descriptor.Enum(),
	}
	if oneof := descriptor.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
		f.oneof = oneof.Index() + 1
	}
	switch message := descriptor.Message(); {
	case f.isMap:
		key, value := newField(descriptor.MapKey(), created), newField(descriptor.MapValue(), created)
		f.mapKey, f.mapValue, f.zero = &key, &value, "{}"
		return f
	case message != nil && !fields.HasOwnJSON(message):
		f.message = newEncoder(message, created)
	}
	if f.list {
		f.zero = "[]"
	} else if descriptor.Message() == nil {
		zero, _ := f.appendValue(nil, wireValue{}, nil, 0)
		f.zero = string(zero)
	}
	return f
}

// isComputed reports whether the server computes the field only where a read
// mask names it: the option (storage.v1.column).computed. Each contract has
// generated code of its own for the option, so it is found by name.
func isComputed(descriptor protoreflect.FieldDescriptor) bool {
	column, err := protoregistry.GlobalTypes.FindExtensionByName("storage.v1.column")
	if err != nil || !proto.HasExtension(descriptor.Options(), column) {
		return false
	}
	option := proto.GetExtension(descriptor.Options(), column).(proto.Message).ProtoReflect()
	computed := option.Descriptor().Fields().ByName("computed")
	return computed != nil && option.Has(computed)
}

// Append appends the JSON of a message to text. wire is the message in the wire
// format. part is the only field to write the value of, null if it is not set;
// nil writes the entire message. selected are the fields to write; nil selects
// all stored fields. The error has a gRPC status if wire is not such a message,
// and none if the message has no JSON form. The result may share the memory of
// text.
func (e *Encoder) Append(text, wire []byte, part protoreflect.FieldDescriptor, selected *Selection) ([]byte, error) {
	begin := len(text)
	text = slices.Grow(text, int(e.size.Load())+64)
	written, err := e.write(text, wire, part, selected)
	if err == errIrregular { //nolint:errorlint // is never wrapped
		var regular []byte
		if regular, err = e.regular(wire); err == nil {
			written, err = e.write(text, regular, part, selected)
		}
	}
	if err != nil {
		return nil, err
	}
	e.size.Store(int64(len(written) - begin))
	return written, nil
}

func (e *Encoder) write(text, wire []byte, part protoreflect.FieldDescriptor, selected *Selection) ([]byte, error) {
	if part == nil {
		return e.append(text, wire, selected, 0)
	}
	values := make([]wireValue, len(e.fields))
	if err := e.find(values, wire); err != nil {
		return nil, err
	}
	f, v := &e.fields[part.Index()], &values[part.Index()]
	if !v.set && f.presence {
		return append(text, "null"...), nil
	}
	inner, _ := selected.of(f.Name(), true)
	return f.append(text, wire, v, inner, 0)
}

// errIrregular reports that wire data is not in the form that a serializer
// writes: for example a message that is split into parts, or two members of a
// oneof.
var errIrregular = errors.New("the message is not serialized in the regular form")

// regular returns the regular form of the same message.
func (e *Encoder) regular(wire []byte) ([]byte, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(e.message.FullName())
	if err != nil {
		return nil, err
	}
	message := found.New().Interface()
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(wire, message); err != nil {
		return nil, status.Errorf(codes.Internal, "grpc: failed to unmarshal the received message: %v", err)
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(message)
}
