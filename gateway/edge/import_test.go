package edge_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dataservice/gateway/edge"
	"dataservice/gateway/edgetest"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// importer accepts items, and rejects those without a name as the server does.
type importer struct {
	items []*depot.Item
}

func (i *importer) serve(stream grpc.ServerStream) error {
	response := &depot.ImportItemsResponse{}
	for position := int64(0); ; position++ {
		request := &depot.CreateItemRequest{}
		err := stream.RecvMsg(request)
		if errors.Is(err, io.EOF) {
			_ = stream.SetHeader(metadata.Pairs("consistency-token", "a-17"))
			return stream.SendMsg(response)
		}
		if err != nil {
			return err
		}
		i.items = append(i.items, request.GetItem())
		if request.GetItem().GetDisplayName() != "" {
			response.ImportedCount++
			continue
		}
		response.FailedCount++
		if len(response.Failures) < 100 {
			st, _ := status.New(codes.InvalidArgument, "bad").WithDetails(&errdetails.BadRequest{
				FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "item.display_name", Description: "is required"}},
			})
			response.Failures = append(response.Failures, &depot.ImportFailure{Position: position, Status: st.Proto()})
		}
	}
}

const lines = "application/x-ndjson"

type imported struct {
	ImportedCount, FailedCount string
	Failures                   []struct {
		Position string
		Status   struct {
			Code    int
			Message string
			Details []struct {
				FieldViolations []struct{ Field, Description string }
			}
		}
	}
}

func readImported(t *testing.T, response *http.Response) imported {
	t.Helper()
	expectStatus(t, response, 200)
	expectHeader(t, response, "Content-Type", "application/json")
	expectHeader(t, response, "Consistency-Token", "a-17")
	var read imported
	if err := json.NewDecoder(response.Body).Decode(&read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestImport(t *testing.T) {
	g := newGateway(t)
	server := &importer{}
	g.Serve(server.serve)
	body := strings.Join([]string{
		"\xef\xbb\xbf" + `{"displayName":"a"}`, // a byte order mark
		``,
		`{"displayName":"b"`,
		`  {"display_name":"c","amount":2}  ` + "\r",
		" \t",
		`{}`,
		`{"displayName":5,"nothing":1}`,
		`null`,
		`[]`,
		"\xff",
		`{"note":"` + strings.Repeat("x", 5<<20) + `"}`,
		`{"displayName":"d"} {}`,
		`{"displayName":"a","displayName":"b"}`,
		`{"displayName":"e"}`,
	}, "\n")
	got := readImported(t, g.do("POST", "/item:import", body, "Content-Type", "", "Content-Type", lines))
	if got.ImportedCount != "3" || got.FailedCount != "9" {
		t.Errorf("%s imported, %s failed", got.ImportedCount, got.FailedCount)
	}
	var positions, fields []string
	for _, f := range got.Failures {
		positions = append(positions, f.Position)
		for _, d := range f.Status.Details {
			for _, v := range d.FieldViolations {
				fields = append(fields, v.Field)
			}
		}
	}
	if want := "1 3 4 5 6 7 8 9 10"; strings.Join(positions, " ") != want {
		t.Errorf("failures at %s, not %s", positions, want)
	}
	if want := "displayName displayName nothing displayName"; strings.Join(fields, " ") != want {
		t.Errorf("fields %s, not %s", fields, want)
	}
	if m := got.Failures[0].Status.Message; m != "The line is not valid JSON: it ends before its value does." {
		t.Error(m)
	}
	if f := got.Failures[6].Status; f.Code != int(codes.ResourceExhausted) || f.Message != "The line is longer than 4194304 bytes." {
		t.Errorf("%+v", f)
	}
	var names []string
	for _, item := range server.items {
		names = append(names, item.GetDisplayName())
	}
	if strings.Join(names, " ") != "a c  e" {
		t.Errorf("the server got %q", names)
	}
}

func TestImportListsTheFirstFailures(t *testing.T) {
	g := newGateway(t)
	g.Serve((&importer{}).serve)
	// One of four lines is not JSON, and one of four is rejected by the server.
	var body strings.Builder
	for i := range 1000 {
		body.WriteString([]string{"bad", `{"displayName":"a"}`, `{}`, `{"displayName":"a"}`}[i%4] + "\n\n")
	}
	got := readImported(t, g.do("POST", "/item:import", body.String(), "Content-Type", "", "Content-Type", lines))
	if got.ImportedCount != "500" || got.FailedCount != "500" || len(got.Failures) != 100 {
		t.Fatalf("%s imported, %s failed, %d listed", got.ImportedCount, got.FailedCount, len(got.Failures))
	}
	for i, f := range got.Failures {
		if f.Position != fmt.Sprint(2*i) || (f.Status.Message == "bad") != (i%2 == 1) {
			t.Fatalf("failure %d: %+v", i, f)
		}
	}
	// More bad lines than are listed, before one that the server rejects.
	got = readImported(t, g.do("POST", "/item:import", strings.Repeat("x\n", 150)+"{}\n", "Content-Type", "", "Content-Type", lines))
	if got.FailedCount != "151" || len(got.Failures) != 100 || got.Failures[99].Position != "99" {
		t.Errorf("%s failed, %d listed", got.FailedCount, len(got.Failures))
	}
}

func TestImportTakesJSONLinesOnly(t *testing.T) {
	g := newGateway(t)
	g.Serve((&importer{}).serve)
	for media, want := range map[string]int{
		"application/x-ndjson": 200, "application/ndjson": 200, "application/jsonl": 200, "application/x-jsonlines": 200,
		"application/x-ndjson; charset=utf-8": 200, "": 200,
		"application/json": 415, "text/plain": 415, "application/x-ndjson; charset=latin1": 415,
		"application/x-www-form-urlencoded": 415, "x": 415,
	} {
		response := g.do("POST", "/item:import", `{"displayName":"a"}`, "Content-Type", "", "Content-Type", media)
		if response.StatusCode != want {
			t.Errorf("%q: %d, not %d", media, response.StatusCode, want)
		}
	}
	expectStatus(t, g.do("POST", "/item:import?displayName=x", "", "Content-Type", lines), 400)
	expectStatus(t, g.do("GET", "/item:import", ""), 405)
	g.golden("errors/import_media", "POST", "/item:import", "{}")
	if got := readImported(t, g.send("POST", "/item:import", strings.NewReader(""), "Content-Type", "")); got.ImportedCount != "0" {
		t.Errorf("an empty body: %+v", got)
	}
}

// A server that accepts nothing makes the client wait.
func TestImportWaitsForTheServer(t *testing.T) {
	g := newGateway(t)
	begin := make(chan struct{})
	server := &importer{}
	g.Serve(func(stream grpc.ServerStream) error {
		<-begin
		return server.serve(stream)
	})
	const count, size = 600, 100000
	var sent atomic.Int64
	reader, writer := io.Pipe()
	go func() {
		for range count {
			fmt.Fprintf(writer, `{"displayName":"a","note":"%s"}`+"\n", strings.Repeat("x", size))
			sent.Add(1)
		}
		writer.Close()
	}()
	done := make(chan *http.Response)
	go func() {
		defer close(done) // send may end the goroutine
		done <- g.send("POST", "/item:import", reader, "Content-Type", "", "Content-Type", lines)
	}()
	for last, calm := int64(-1), 0; calm < 30; time.Sleep(10 * time.Millisecond) {
		if now := sent.Load(); now == last && now > 0 {
			calm++
		} else {
			last, calm = now, 0
		}
	}
	if n := sent.Load(); n > count/2 {
		t.Errorf("%d of %d lines were sent to a server that takes none", n, count)
	}
	close(begin)
	response := <-done
	if response == nil {
		t.FailNow()
	}
	if got := readImported(t, response); got.ImportedCount != fmt.Sprint(count) {
		t.Errorf("%s imported", got.ImportedCount)
	}
}

func TestImportThatTheServerEnds(t *testing.T) {
	g := newGateway(t)
	st, _ := status.New(codes.Unavailable, "gone; 7 rows were imported").WithDetails(&errdetails.ErrorInfo{Reason: "SHUTTING_DOWN"})
	g.Serve(func(stream grpc.ServerStream) error {
		_ = stream.RecvMsg(&depot.CreateItemRequest{})
		return st.Err()
	})
	reader, writer := io.Pipe()
	go func() {
		for {
			if _, err := io.WriteString(writer, "bad\n{\"displayName\":\"a\"}\n"); err != nil {
				return
			}
		}
	}()
	response := g.send("POST", "/item:import", reader, "Content-Type", "", "Content-Type", lines)
	expectStatus(t, response, 503)
	reader.Close()
	// A client that sends nothing receives a response, too.
	silent, once := io.Pipe()
	go io.WriteString(once, "{\"displayName\":\"a\"}\n")
	response = g.send("POST", "/item:import", silent, "Content-Type", "", "Content-Type", lines)
	edgetest.GoldenResponse(t, "errors/import_ended.http", response)
	silent.Close()
	g.Fake.Stop()
	expectStatus(t, g.do("POST", "/item:import", "{}\n", "Content-Type", "", "Content-Type", lines), 503)
}

func TestImportOfAClientThatFallsSilent(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.StreamIdle = 200 * time.Millisecond })
	g.Serve((&importer{}).serve)
	reader, writer := io.Pipe()
	go io.WriteString(writer, "{\"displayName\":\"a\"}\nbad\n{\"displayName\":")
	response := g.send("POST", "/item:import", reader, "Content-Type", "", "Content-Type", lines)
	edgetest.GoldenResponse(t, "errors/import_silent.http", response)
	reader.Close()
}

// Of a body that ends early, no incomplete line is sent.
func TestImportThatBreaksOff(t *testing.T) {
	g := newGateway(t)
	server, ended := &importer{}, make(chan error, 1)
	g.Serve(func(stream grpc.ServerStream) error {
		err := server.serve(stream)
		ended <- err
		return err
	})
	conn, err := net.Dial("tcp", g.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /item:import HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n%s",
		lines, "{\"displayName\":\"a\"}\n{\"displayName\":\"b\"}")
	_ = conn.(*net.TCPConn).CloseWrite()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil && response.StatusCode < 400 {
		t.Errorf("status %d", response.StatusCode)
	}
	conn.Close()
	<-ended
	if len(server.items) > 1 {
		t.Errorf("the server got %v", server.items)
	}
}
