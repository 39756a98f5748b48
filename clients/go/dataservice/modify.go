package dataservice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

// Resource names the fields of a resource that have a role.
type Resource struct {
	// Key is the field with the key.
	Key string
	// Etag is the field with the version, or empty.
	Etag string
}

// modifyAttempts is how often Modify reads and writes at most.
const modifyAttempts = 10

// Modify reads a row, calls change with it, and writes the fields that change has changed,
// if the row still has the version that was read. If another client has changed it
// meanwhile (VersionMismatch), Modify starts again, at most ten times, so that change can
// be called several times. If change returns an error, nothing is written, and Modify
// returns this error. If change changes nothing, nothing is written. Modify returns the row
// as it is then. It does not read from a standby, also with EventualReads.
func Modify[Row proto.Message](ctx context.Context, resource Resource,
	get func(context.Context) (Row, error),
	update func(context.Context, Row, *fieldmaskpb.FieldMask) (Row, error),
	change func(Row) error,
) (Row, error) {
	if _, ok := ctx.Deadline(); !ok {
		limited, cancel := context.WithTimeout(ctx, defaultDeadline)
		defer cancel()
		ctx = limited
	}
	// An old version of the row would only be a VersionMismatch.
	ctx = withoutEventualReads(ctx)
	pauses := Retry{Attempts: modifyAttempts, Base: 5 * time.Millisecond, Cap: time.Second}
	var none Row
	for attempt := 1; ; attempt++ {
		row, err := get(ctx)
		if err != nil {
			return none, err
		}
		changed := proto.Clone(row).(Row)
		if err := change(changed); err != nil {
			return none, err
		}
		part, mask, err := difference(resource, row.ProtoReflect(), changed.ProtoReflect())
		if err != nil {
			return none, err
		}
		if len(mask.GetPaths()) == 0 {
			return row, nil
		}
		written, err := update(ctx, part.Interface().(Row), mask)
		var mismatch *VersionMismatch
		if err == nil || !errors.As(err, &mismatch) {
			return written, err
		}
		if !pauses.wait(ctx, attempt, 0) {
			return none, err
		}
	}
}

// difference returns the fields that differ: a message with them, the key and the version
// of the row that was read, and the mask that names them.
func difference(resource Resource, before, after protoreflect.Message) (protoreflect.Message, *fieldmaskpb.FieldMask, error) {
	part, mask := before.New(), &fieldmaskpb.FieldMask{}
	fields := before.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		same := before.Has(field) == after.Has(field) && before.Get(field).Equal(after.Get(field))
		switch name := string(field.Name()); {
		case name == resource.Key && !same:
			return nil, nil, fmt.Errorf("%s: the key %s cannot be changed", before.Descriptor().FullName(), name)
		case name == resource.Key, name == resource.Etag:
			if before.Has(field) {
				part.Set(field, before.Get(field))
			}
		case !same:
			mask.Paths = append(mask.Paths, name)
			if after.Has(field) {
				part.Set(field, after.Get(field))
			}
		}
	}
	return part, mask, nil
}
