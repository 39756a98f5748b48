package edge_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dataservice/gateway/edge"
	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/upstream"
)

// BenchmarkEdge measures ServeHTTP, with a connection to a fake server in the same
// process.
func BenchmarkEdge(b *testing.B) {
	item := &depot.Item{
		Id: "01890a5d-ac96-774b-bcce-b302099a8057", DisplayName: "Nineteen Eighty-Four", Owner: "George Orwell",
		MadeTime: timestamppb.Now(), CreateTime: timestamppb.Now(), Amount: 1949, Etag: "abcdefgh",
	}
	page := &depot.ListItemsResponse{}
	for range 50 {
		page.Items = append(page.Items, item)
	}
	fake := edgetest.NewFake(b, "127.0.0.1:0")
	conn, err := upstream.Connect(fake.Address, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	e, err := edge.New(contract.Contract(), edge.Settings{
		MaxBodyBytes: 1 << 20, RequestTimeout: time.Second, Log: slog.New(slog.DiscardHandler),
	}, conn)
	if err != nil {
		b.Fatal(err)
	}
	run := func(name, verb, target, body string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				request := httptest.NewRequest(verb, target, strings.NewReader(body))
				response := httptest.NewRecorder()
				e.ServeHTTP(response, request)
				if response.Code/100 != 2 {
					text, _ := io.ReadAll(response.Body)
					b.Fatal(http.StatusText(response.Code), string(text))
				}
				fake.Last()
			}
		})
	}
	fake.AnswerWith(item, nil)
	run("Get", "GET", "/item/1", "")
	run("Put", "PUT", "/item/1", `{"displayName":"Nineteen Eighty-Four","owner":"George Orwell","amount":1949}`)
	run("Patch", "PATCH", "/item/1", `{"amount":1949}`)
	fake.AnswerWith(page, nil)
	run("List", "GET", "/item?pageSize=50", "")
}
