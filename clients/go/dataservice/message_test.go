package dataservice

import (
	"sync"
	"testing"

	_ "google.golang.org/genproto/googleapis/type/date" // contracts can use google.type
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// shelfFile is a contract of one resource, without generated code.
const shelfFile = `
name: "shelf.proto" package: "test" syntax: "proto3"
dependency: "google/type/date.proto"
message_type { name: "Shelf"
  field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "room" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "built" number: 3 type: TYPE_MESSAGE type_name: ".google.type.Date" label: LABEL_OPTIONAL }
  field { name: "etag" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "tags" number: 5 type: TYPE_STRING label: LABEL_REPEATED }
}
message_type { name: "CreateShelfRequest"
  field { name: "shelf" number: 1 type: TYPE_MESSAGE type_name: ".test.Shelf" label: LABEL_OPTIONAL }
  field { name: "request_id" number: 15 type: TYPE_STRING label: LABEL_OPTIONAL }
}
message_type { name: "ListShelvesResponse"
  field { name: "next_page_token" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
}`

var shelfDescriptor = sync.OnceValue(func() protoreflect.FileDescriptor {
	var file descriptorpb.FileDescriptorProto
	if err := prototext.Unmarshal([]byte(shelfFile), &file); err != nil {
		panic(err)
	}
	descriptor, err := protodesc.NewFile(&file, protoregistry.GlobalFiles)
	if err != nil {
		panic(err)
	}
	return descriptor
})

// newMessage returns an empty message of the contract above.
func newMessage(name protoreflect.Name) *dynamicpb.Message {
	return dynamicpb.NewMessage(shelfDescriptor().Messages().ByName(name))
}

// parse fills a message from its text form.
func parse(t *testing.T, message *dynamicpb.Message, text string) *dynamicpb.Message {
	t.Helper()
	if err := prototext.Unmarshal([]byte(text), message); err != nil {
		t.Fatal(err)
	}
	return message
}
