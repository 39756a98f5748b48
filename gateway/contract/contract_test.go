package contract

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// messageNamed returns a message with this package and full name, which may be
// nested in other messages.
func messageNamed(t *testing.T, pkg, fullName string) protoreflect.MessageDescriptor {
	t.Helper()
	names := strings.Split(strings.TrimPrefix(fullName, pkg+"."), ".")
	var message *descriptorpb.DescriptorProto
	for i := len(names) - 1; i >= 0; i-- {
		outer := &descriptorpb.DescriptorProto{Name: proto.String(names[i])}
		if message != nil {
			outer.NestedType = []*descriptorpb.DescriptorProto{message}
		}
		message = outer
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("test.proto"), Package: proto.String(pkg), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{message},
	}, &protoregistry.Files{})
	if err != nil {
		t.Fatal(err)
	}
	found := file.Messages().Get(0)
	for range names[1:] {
		found = found.Messages().Get(0)
	}
	return found
}

// A unit test of the server reads the same file.
func TestOneValueIsTheSameForTheServer(t *testing.T) {
	text, err := os.ReadFile("../../tests/unit/testdata/one_values.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 30 {
		t.Fatalf("only %d lines", len(lines))
	}
	for _, line := range lines {
		words := strings.Fields(line)
		message := messageNamed(t, words[0], words[1])
		if string(message.FullName()) != words[1] {
			t.Fatalf("made %s of %s", message.FullName(), line)
		}
		if got, want := IsOneValue(message), words[2] == "value"; got != want {
			t.Errorf("IsOneValue(%s) = %v, and the server says %v", words[1], got, want)
		}
	}
	if IsOneValue(nil) {
		t.Error("IsOneValue(nil)")
	}
}
