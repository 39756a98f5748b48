package encode

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

type fieldType = descriptorpb.FieldDescriptorProto_Type

// kindsBuilder builds a message with fields of every kind.
type kindsBuilder struct {
	message *descriptorpb.DescriptorProto
	number  int32
}

func (b *kindsBuilder) add(kind fieldType, name string, features *descriptorpb.FeatureSet) *descriptorpb.FieldDescriptorProto {
	b.number += 30 // the later ones are larger than maxPlace
	field := &descriptorpb.FieldDescriptorProto{
		Name: proto.String(name), Number: proto.Int32(b.number), Type: kind.Enum(),
		Label:   descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		Options: &descriptorpb.FieldOptions{Features: features},
	}
	switch kind {
	case descriptorpb.FieldDescriptorProto_TYPE_ENUM:
		field.TypeName = proto.String(".kinds.Letter")
	case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
		field.TypeName = proto.String(".kinds.Kinds")
	}
	b.message.Field = append(b.message.Field, field)
	return field
}

func (b *kindsBuilder) addList(kind fieldType, name string, features *descriptorpb.FeatureSet) {
	b.add(kind, name, features).Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
}

func (b *kindsBuilder) addMap(key fieldType, name string) {
	entry := &kindsBuilder{message: &descriptorpb.DescriptorProto{
		Name: proto.String("Map" + name + "Entry"), Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
	}}
	entry.add(key, "key", nil).Number = proto.Int32(1)
	entry.add(descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, "value", nil).Number = proto.Int32(2)
	b.message.NestedType = append(b.message.NestedType, entry.message)
	field := b.add(descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, "map"+name, nil)
	field.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	field.TypeName = proto.String(".kinds.Kinds." + entry.message.GetName())
}

// newKinds returns a message type with singular fields, lists and maps of every
// kind, groups, and closed enums.
func newKinds(t *testing.T) protoreflect.MessageType {
	t.Helper()
	b := &kindsBuilder{message: &descriptorpb.DescriptorProto{Name: proto.String("Kinds")}}
	unpacked := &descriptorpb.FeatureSet{RepeatedFieldEncoding: descriptorpb.FeatureSet_EXPANDED.Enum()}
	implicit := &descriptorpb.FeatureSet{FieldPresence: descriptorpb.FeatureSet_IMPLICIT.Enum()}
	delimited := &descriptorpb.FeatureSet{MessageEncoding: descriptorpb.FeatureSet_DELIMITED.Enum()}
	for kind := descriptorpb.FieldDescriptorProto_TYPE_DOUBLE; kind <= descriptorpb.FieldDescriptorProto_TYPE_SINT64; kind++ {
		name := fmt.Sprint(int(kind))
		switch kind {
		case descriptorpb.FieldDescriptorProto_TYPE_GROUP:
			continue
		case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
			b.add(kind, "group", delimited)
			b.addList(kind, "groups", delimited)
		case descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_BYTES,
			descriptorpb.FieldDescriptorProto_TYPE_ENUM:
		default:
			b.addList(kind, "unpacked"+name, unpacked)
			b.add(kind, "implicit"+name, implicit)
		}
		b.add(kind, "explicit"+name, nil)
		b.addList(kind, "list"+name, nil)
		switch kind {
		case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, descriptorpb.FieldDescriptorProto_TYPE_BYTES,
			descriptorpb.FieldDescriptorProto_TYPE_ENUM, descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
			descriptorpb.FieldDescriptorProto_TYPE_FLOAT:
		default:
			b.addMap(kind, name)
		}
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("kinds.proto"), Package: proto.String("kinds"),
		Syntax: proto.String("editions"), Edition: descriptorpb.Edition_EDITION_2023.Enum(),
		MessageType: []*descriptorpb.DescriptorProto{b.message},
		EnumType: []*descriptorpb.EnumDescriptorProto{{
			Name: proto.String("Letter"),
			Value: []*descriptorpb.EnumValueDescriptorProto{
				{Name: proto.String("A"), Number: proto.Int32(0)}, {Name: proto.String("B"), Number: proto.Int32(1)},
			},
			Options: &descriptorpb.EnumOptions{Features: &descriptorpb.FeatureSet{EnumType: descriptorpb.FeatureSet_CLOSED.Enum()}},
		}},
	}, protoregistry.GlobalFiles)
	if err != nil {
		t.Fatal(err)
	}
	kinds := dynamicpb.NewMessageType(file.Messages().Get(0))
	if err := protoregistry.GlobalTypes.RegisterMessage(kinds); err != nil {
		t.Fatal(err)
	}
	return kinds
}

func TestEveryKindIsProtoJSON(t *testing.T) {
	kinds := newKinds(t)
	random := rand.New(rand.NewPCG(3, 4))
	for range 25 {
		m := kinds.New()
		fill(m, random, 2)
		compareToProtoJSON(t, m.Interface())
	}
}
