package command

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

func TestOnlyTheSelectedPartsArePrinted(t *testing.T) {
	row := &descriptorpb.FieldDescriptorProto{Name: proto.String("year"), Options: &descriptorpb.FieldOptions{
		Packed: proto.Bool(true), Lazy: proto.Bool(true),
		EditionDefaults: []*descriptorpb.FieldOptions_EditionDefault{{Value: proto.String("a")}},
		Features:        &descriptorpb.FeatureSet{FieldPresence: descriptorpb.FeatureSet_EXPLICIT.Enum()},
	}}
	c := &contract{types: dynamicpb.NewTypes(protoregistry.GlobalFiles)}
	r := &resource{descriptor: row.ProtoReflect().Descriptor()}
	for paths, expected := range map[[2]string]string{
		{"options.packed", "name"}:                       `{"options":{"packed":true},"name":"year"}`,
		{"options.lazy", "options.packed"}:               `{"options":{"packed":true,"lazy":true}}`,
		{"options.features.field_presence", "name"}:      `{"options":{"features":{"fieldPresence":"EXPLICIT"}},"name":"year"}`,
		{"options.edition_defaults", "options.nothing"}:  `{"options":{"editionDefaults":[{"value":"a"}]}}`,
		{"options.features.message_encoding", "options"}: `{"options":{"packed":true,"lazy":true,"targets":[],"editionDefaults":[{"value":"a"}],"features":{"fieldPresence":"EXPLICIT"},"uninterpretedOption":[]}}`,
	} {
		var out bytes.Buffer
		w := c.newWriter(&out, "ndjson", r, true, paths[:])
		if err := w.write(row.ProtoReflect()); err != nil {
			t.Fatal(err)
		}
		if out.String() != expected+"\n" {
			t.Errorf("%v: %s", paths, &out)
		}
	}
}
