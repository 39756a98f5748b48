package dataservice

import (
	"context"
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

func set(message *dynamicpb.Message, name protoreflect.Name, value string) {
	message.Set(message.Descriptor().Fields().ByName(name), protoreflect.ValueOfString(value))
}

var shelfResource = Resource{Key: "id", Etag: "etag"}

func TestModifyWritesWhatDiffersWithTheVersionThatWasRead(t *testing.T) {
	stored := parse(t, newMessage("Shelf"), `id: "1" room: "a" built { year: 1815 } etag: "v1" tags: "x"`)
	expected := parse(t, newMessage("Shelf"), `id: "1" room: "b" etag: "v1"`)
	_, err := Modify(context.Background(), shelfResource,
		func(context.Context) (*dynamicpb.Message, error) { return stored, nil },
		func(_ context.Context, row *dynamicpb.Message, mask *fieldmaskpb.FieldMask) (*dynamicpb.Message, error) {
			if !proto.Equal(row, expected) || !slices.Equal(mask.GetPaths(), []string{"room", "built"}) {
				t.Errorf("%v, mask %v", row, mask)
			}
			return row, nil
		},
		func(row *dynamicpb.Message) error {
			set(row, "room", "b")
			row.Clear(row.Descriptor().Fields().ByName("built"))
			set(row, "etag", "of the caller")
			return nil
		})
	if err != nil {
		t.Error(err)
	}
}

func TestModifyGivesUpAfterTenVersions(t *testing.T) {
	stored := parse(t, newMessage("Shelf"), `id: "1" etag: "v1"`)
	updates := 0
	_, err := Modify(context.Background(), shelfResource,
		func(context.Context) (*dynamicpb.Message, error) { return stored, nil },
		func(context.Context, *dynamicpb.Message, *fieldmaskpb.FieldMask) (*dynamicpb.Message, error) {
			updates++
			return nil, &VersionMismatch{}
		},
		func(row *dynamicpb.Message) error { set(row, "room", "b"); return nil })
	var mismatch *VersionMismatch
	if !errors.As(err, &mismatch) || updates != modifyAttempts {
		t.Errorf("%v after %d updates", err, updates)
	}
}

func TestModifyRefusesAnotherKey(t *testing.T) {
	stored := parse(t, newMessage("Shelf"), `id: "1" etag: "v1"`)
	_, err := Modify(context.Background(), shelfResource,
		func(context.Context) (*dynamicpb.Message, error) { return stored, nil }, nil,
		func(row *dynamicpb.Message) error { set(row, "id", "2"); return nil })
	if err == nil {
		t.Error("the key was changed")
	}
}
