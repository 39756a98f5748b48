package edge_test

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/edgetest"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestConditionalReads(t *testing.T) {
	g := newGateway(t)
	for _, test := range []struct {
		name, header, value string
		status              int
	}{
		{"same", "If-None-Match", `"e1"`, 304},
		{"weakly same", "If-None-Match", `W/"e1"`, 304},
		{"one of many", "If-None-Match", `"a,b", W/"c" ,"e1"`, 304},
		{"any", "If-None-Match", `*`, 304},
		{"other", "If-None-Match", `"e2"`, 200},
		{"with empty elements", "If-None-Match", ` , "a" ,, "e1",`, 304},
		{"must be same", "If-Match", `"e1"`, 200},
		{"must be any", "If-Match", `*`, 200},
		{"must be strongly same", "If-Match", `W/"e1"`, 412},
		{"must be other", "If-Match", `"e2"`, 412},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, verb := range []string{"GET", "HEAD"} {
				response := g.do(verb, "/item/1", "", test.header, test.value)
				expectStatus(t, response, test.status)
				if md := g.Last().Metadata; md.Get("if-none-match") != nil || md.Get("if-match") != nil {
					t.Error("the condition of a read went to the server")
				}
			}
		})
	}
	g.golden("success/not_modified", "GET", "/item/1", "", "If-None-Match", `"e1"`)
	g.golden("errors/read_precondition", "GET", "/item/1", "", "If-Match", `"e2"`)
	g.AnswerWith(&depot.Item{Id: "1"}, nil)
	response := g.do("GET", "/item/1", "", "If-None-Match", "*") // no version, no condition
	expectStatus(t, response, 200)
	expectHeader(t, response, "Etag", "")
}

// A condition that is empty or malformed is rejected and not ignored.
func TestMalformedConditions(t *testing.T) {
	g := newGateway(t)
	for _, header := range []string{"If-Match", "If-None-Match"} {
		for _, verb := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
			body := ""
			if verb == "PUT" || verb == "PATCH" {
				body = `{"displayName":"x"}`
			}
			for _, value := range []string{
				"", " ", ",", " , ,", `e1`, `"e1`, `"x, "e1`, `"e 1"`, `"e1" "e2"`, `*, "e1"`, `w/"e1"`, "W/", "\"\u00fc\"",
			} {
				request, _ := http.NewRequest(verb, g.URL+"/item/1", strings.NewReader(body))
				request.Header[header] = []string{value}
				response, err := g.Client().Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				expectStatus(t, response, 400)
			}
		}
	}
	g.expectUnasked()
	request, _ := http.NewRequest("DELETE", g.URL+"/item/1", nil)
	request.Header["If-Match"] = []string{""}
	response, err := g.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	edgetest.GoldenResponse(t, "errors/empty_condition.http", response)
	expectStatus(t, g.do("DELETE", "/item/1", "", "If-Match", `"a"`, "If-Match", `W/"b", "c"`), 204)
	if got := g.Last().Metadata.Get("if-match"); len(got) != 1 || got[0] != `"a", W/"b", "c"` {
		t.Errorf("if-match %q", got)
	}
}

func TestAVersionThatIsNoETagIsLeftOut(t *testing.T) {
	g := newGateway(t)
	for _, version := range []string{`a"b`, "a b", "a\nb"} {
		g.AnswerWith(&depot.Item{Id: "1", Etag: version}, nil)
		expectHeader(t, g.do("GET", "/item/1", ""), "Etag", "")
	}
}

func TestConditionsOfWritesGoToTheServer(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(nil, withDetails(status.New(codes.Aborted, "The item has changed."), etagMismatch))
	for _, verb := range []string{"PUT", "PATCH", "DELETE"} {
		body := `{"displayName":"x"}`
		if verb == "DELETE" {
			body = ""
		}
		response := g.do(verb, "/item/1", body, "If-Match", `"e1"`, "If-Match", `"e2"`, "If-None-Match", "*", "Idempotency-Key", "k")
		expectStatus(t, response, 412)
		md := g.Last().Metadata
		if got := md.Get("if-match"); len(got) != 1 || got[0] != `"e1", "e2"` {
			t.Errorf("if-match %q", got)
		}
		if got := md.Get("if-none-match"); len(got) != 1 || got[0] != "*" {
			t.Errorf("if-none-match %q", got)
		}
		if got := md.Get("idempotency-key"); len(got) != 1 || got[0] != "k" {
			t.Errorf("idempotency-key %q", got)
		}
	}
}
