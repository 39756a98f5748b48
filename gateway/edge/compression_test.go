package edge_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/grpc"

	"dataservice/gateway/edge"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func compressing(s *edge.Settings) {
	s.CompressAbove = 1000
	s.CacheControl = "private, no-cache"
}

// large is an answer that is compressed.
func large() *depot.Item {
	return &depot.Item{Id: "1", Etag: "e1", Note: new(strings.Repeat("long ", 1000))}
}

// body returns the body of a response without its content coding.
func body(t *testing.T, response *http.Response) string {
	t.Helper()
	var reader io.Reader = response.Body
	var err error
	switch response.Header.Get("Content-Encoding") {
	case "gzip":
		reader, err = gzip.NewReader(response.Body)
	case "zstd":
		reader, err = zstd.NewReader(response.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLargeAnswersAreCompressed(t *testing.T) {
	g := newGatewayWith(t, compressing)
	g.AnswerWith(large(), nil)
	plain := g.do("GET", "/item/1", "", "Accept-Encoding", "identity")
	want := body(t, plain)
	expectHeader(t, plain, "Content-Encoding", "")
	expectHeader(t, plain, "Vary", "Accept-Encoding")
	expectHeader(t, plain, "Cache-Control", "private, no-cache")
	for _, coding := range []string{"gzip", "zstd"} {
		for _, verb := range []string{"GET", "PUT"} {
			text := ""
			if verb == "PUT" {
				text = `{"displayName":"x"}`
			}
			response := g.do(verb, "/item/1", text, "Accept-Encoding", coding)
			expectHeader(t, response, "Content-Encoding", coding)
			expectHeader(t, response, "Vary", "Accept-Encoding")
			expectHeader(t, response, "Etag", `"e1--`+coding+`"`)
			if length, _ := strconv.Atoi(response.Header.Get("Content-Length")); length == 0 || length > 300 {
				t.Errorf("%s: %d bytes", coding, length)
			}
			if got := body(t, response); got != want {
				t.Errorf("%s %s: %.100s", verb, coding, got)
			}
		}
		head := g.do("HEAD", "/item/1", "", "Accept-Encoding", coding)
		expectHeader(t, head, "Content-Encoding", coding)
	}
}

func TestSmallAnswersAreNotCompressed(t *testing.T) {
	g := newGatewayWith(t, compressing)
	response := g.do("GET", "/item/1", "", "Accept-Encoding", "gzip")
	expectHeader(t, response, "Content-Encoding", "")
	expectHeader(t, response, "Vary", "")
	expectHeader(t, response, "Etag", `"e1"`)
}

func TestNothingIsCompressedWithoutTheSetting(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(large(), nil)
	for _, target := range []string{"/item/1", "/openapi.json"} {
		expectHeader(t, g.do("GET", target, "", "Accept-Encoding", "gzip"), "Content-Encoding", "")
	}
}

// The entity tag of a compressed answer is good for conditions in any coding.
func TestConditionsWithTheTagOfACompressedAnswer(t *testing.T) {
	g := newGatewayWith(t, compressing)
	g.AnswerWith(large(), nil)
	for _, test := range []struct{ accepted, tag string }{
		{"gzip", `"e1--gzip"`}, {"zstd", `"e1--zstd"`}, {"identity", `"e1"`},
	} {
		for _, known := range []string{`"e1--gzip"`, `"e1--zstd"`, `"e1"`, `W/"x", W/"e1--gzip"`} {
			response := g.do("GET", "/item/1", "", "Accept-Encoding", test.accepted, "If-None-Match", known)
			expectStatus(t, response, 304)
			expectHeader(t, response, "Etag", test.tag)
			expectHeader(t, response, "Vary", "Accept-Encoding")
			expectHeader(t, response, "Cache-Control", "private, no-cache")
		}
	}
	expectStatus(t, g.do("GET", "/item/1", "", "If-Match", `"e1--gzip"`), 200)
	expectStatus(t, g.do("GET", "/item/1", "", "If-Match", `"e2--gzip"`), 412)
	g.do("DELETE", "/item/1", "", "If-Match", `"e1--gzip", "e2--zstd", "e3--br"`)
	if got := g.Last().Metadata.Get("if-match"); len(got) != 1 || got[0] != `"e1", "e2", "e3--br"` {
		t.Errorf("if-match %q", got)
	}
}

func TestTheDocumentIsCompressed(t *testing.T) {
	g := newGatewayWith(t, compressing)
	want := body(t, g.do("GET", "/openapi.json", "", "Accept-Encoding", "identity"))
	for range 2 {
		response := g.do("GET", "/openapi.json", "", "Accept-Encoding", "zstd")
		expectHeader(t, response, "Content-Encoding", "zstd")
		expectStatus(t, g.do("GET", "/openapi.json", "", "If-None-Match", response.Header.Get("Etag")), 304)
		if body(t, response) != want {
			t.Error("another document")
		}
	}
}

func TestVaryHasTheOriginToo(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) {
		compressing(s)
		s.CORS.Origins = []string{"https://app.example.com"}
	})
	g.AnswerWith(large(), nil)
	expectHeader(t, g.do("GET", "/item/1", ""), "Vary", "Origin|Accept-Encoding")
	g.AnswerWith(&depot.Item{}, nil)
	expectHeader(t, g.do("GET", "/item/1", ""), "Vary", "Origin")
}

func TestExportsAreCompressed(t *testing.T) {
	g := newGatewayWith(t, compressing)
	g.Serve(func(stream grpc.ServerStream) error {
		_ = stream.RecvMsg(&depot.ExportItemsRequest{})
		for i := range 1000 {
			if err := stream.SendMsg(&depot.Item{Id: strconv.Itoa(i), DisplayName: "an item"}); err != nil {
				return err
			}
		}
		return nil
	})
	want := body(t, g.do("GET", "/item:export", "", "Accept-Encoding", "identity"))
	if strings.Count(want, "\n") != 1000 {
		t.Fatalf("%.200s", want)
	}
	for _, coding := range []string{"gzip", "zstd"} {
		response := g.do("GET", "/item:export", "", "Accept-Encoding", coding)
		expectHeader(t, response, "Content-Encoding", coding)
		expectHeader(t, response, "Vary", "Accept-Encoding")
		expectHeader(t, response, "Content-Type", "application/x-ndjson")
		if body(t, response) != want {
			t.Errorf("%s: other rows", coding)
		}
	}
}
