package contract

import (
	"testing"

	"google.golang.org/protobuf/proto"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestAReadMaskIsOfTheRowsOfAnAnswer(t *testing.T) {
	for answer, want := range map[proto.Message]string{
		&depot.Item{}:                  "",
		&depot.ListItemsResponse{}:     "items",
		&depot.BatchGetItemsResponse{}: "items",
	} {
		got := ""
		if field := rowsField(answer.ProtoReflect().Descriptor()); field != nil {
			got = string(field.Name())
		}
		if got != want {
			t.Errorf("%T: %q, not %q", answer, got, want)
		}
	}
}
