package edge_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

var etagMismatch = &errdetails.ErrorInfo{Reason: "ETAG_MISMATCH", Domain: "depot"}

func withDetails(st *status.Status, details ...protoadapt.MessageV1) error {
	st, err := st.WithDetails(details...)
	if err != nil {
		panic(err)
	}
	return st.Err()
}

// Every row of the contract's table of errors, as the server sends it.
func TestErrorsOfTheServer(t *testing.T) {
	retry := &errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)}
	for name, err := range map[string]error{
		"invalid_argument": withDetails(status.New(codes.InvalidArgument, "2 fields are wrong."), &errdetails.BadRequest{
			FieldViolations: []*errdetails.BadRequest_FieldViolation{
				{Field: "item.display_name", Description: "must not be empty"},
				{Field: "item.boxes[2].height_mm", Description: "must be below 100"},
				{Field: "item.levels[\"x\"]", Description: "must be below 100"},
				{Field: "item", Description: "is wrong"},
				{Field: "update_mask", Description: "is wrong"},
				{Field: "somewhere.else_", Description: "is wrong"},
			},
		}),
		"not_found":      status.Error(codes.NotFound, "There is no item 1."),
		"already_exists": status.Error(codes.AlreadyExists, "There is an item 1."),
		"failed_precondition": withDetails(status.New(codes.FailedPrecondition, "The item is on a shelf."),
			&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{
				{Type: "REFERENCE", Subject: "item.shelf_code", Description: "there is no such shelf"},
			}}),
		"etag_mismatch": withDetails(status.New(codes.Aborted, "The item has changed."), etagMismatch),
		"aborted":       status.Error(codes.Aborted, "Try again."),
		"request_id_reused": withDetails(status.New(codes.AlreadyExists, "The request_id was used for another request."),
			&errdetails.ErrorInfo{Reason: "REQUEST_ID_REUSED"}),
		"message_too_large":    status.Error(codes.ResourceExhausted, "The message is too large."),
		"queue_full":           withDetails(status.New(codes.ResourceExhausted, "Too many requests."), retry),
		"unauthenticated":      status.Error(codes.Unauthenticated, "Say who you are."),
		"permission_denied":    status.Error(codes.PermissionDenied, "You may not."),
		"deadline_exceeded":    status.Error(codes.DeadlineExceeded, "It took too long."),
		"unavailable":          withDetails(status.New(codes.Unavailable, "The database is away."), retry),
		"unavailable_no_retry": status.Error(codes.Unavailable, "The database was lost; the outcome is unknown."),
		"internal":             withDetails(status.New(codes.Internal, "Something failed."), &errdetails.RequestInfo{RequestId: "r-17"}),
		"unknown":              status.Error(codes.Unknown, ""),
		"unimplemented":        status.Error(codes.Unimplemented, "Not yet."),
		"out_of_range":         status.Error(codes.OutOfRange, "Too far."),
		"data_loss":            status.Error(codes.DataLoss, "Gone."),
		"odd_code":             status.Error(codes.Code(77), "What?"),
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			g.AnswerWith(nil, err)
			g.golden("server/"+name, "PATCH", "/item/1", `{"amount":1}`)
		})
	}
}

func TestResourceExhaustedWithoutABodyIsNeverTooLarge(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(nil, status.Error(codes.ResourceExhausted, "Too many requests."))
	expectStatus(t, g.do("GET", "/item/1", ""), 429)
}

func TestAByteOrderMarkIsIgnored(t *testing.T) {
	g := newGateway(t)
	for verb, target := range map[string]string{"POST": "/item", "PATCH": "/item/1"} {
		expectStatus(t, g.do(verb, target, "\xef\xbb\xbf"+`{"displayName":"x"}`), 200)
		expectStatus(t, g.do(verb, target, "\xef\xbb\xbf"), 400)
	}
}

// Errors repeat only a part of what a client sent.
func TestProblemsAreShort(t *testing.T) {
	g := newGateway(t)
	long := strings.Repeat("x", 1<<20)
	for _, body := range []string{`{"` + long + `":1}`, `{"levels":{"` + long + `":"y"}}`, `{"levels":{"` + long + `":{}}}`} {
		for verb, target := range map[string]string{"POST": "/item", "PATCH": "/item/1"} {
			response := g.do(verb, target, body)
			expectStatus(t, response, 400)
			if text, _ := io.ReadAll(response.Body); len(text) > 1000 {
				t.Errorf("%s: an answer of %d bytes", verb, len(text))
			}
		}
	}
	response := g.do("POST", "/item", "{}", "Content-Type", "", "Content-Type", "text/"+long[:60000])
	expectStatus(t, response, 415)
	if text, _ := io.ReadAll(response.Body); len(text) > 1000 {
		t.Errorf("an answer of %d bytes", len(text))
	}
}

func TestFaultsOfTheBody(t *testing.T) {
	g := newGateway(t)
	deep := strings.Repeat(`{"size":`, 20000) + "1" + strings.Repeat("}", 20000)
	for name, body := range map[string]string{
		"no_json":       `{"displayName":}`,
		"no_json_line":  "{\n  \"displayName\": \"x\",\n  \"amount\" 3\n}",
		"ends_early":    `{"displayName":"x"`,
		"goes_on":       `{"displayName":"x"} {"amount":1}`,
		"junk_after":    `{"displayName":"x"}]`,
		"white_space":   " \n\t ",
		"null":          `null`,
		"array":         `[{"displayName":"x"}]`,
		"string":        `"x"`,
		"raw_nul":       "{\"displayName\":\"a\x00b\"}",
		"not_utf8":      "{\"displayName\":\"a\xffb\"}",
		"surrogate":     `{"displayName":"\ud800"}`,
		"byte_order":    "\xef\xbb\xbf\xef\xbb\xbf{}",
		"deep":          deep,
		"unknown_field": `{"displayName":"x","color":1,"size":{"depth":1}}`,
		"twice":         `{"displayName":"x","displayName":"y","amount":1,"amount":2}`,
		"both_names":    `{"displayName":"x","display_name":"x"}`,
		"map_key_twice": `{"levels":{"a":1,"a":2}}`,
		"oneof":         `{"shelfCode":"A1","floor":2}`,
		"types": `{"displayName":1,"amount":"many","note":[],"tags":{},"levels":[],"size":"big","boxes":[{},1,{"width":1.5}],
			"colour":"GREEN","weight":"1.5","ratio":"half","fragile":"yes","photo":"***","madeTime":"yesterday",
			"shelfLife":"1 day","alias":1,"bestBefore":"2030-01-01","floor":-1,"createTime":3,"etag":{}}`,
		"ranges":  `{"amount":2147483648,"weight":"9223372036854775808","floor":4294967296,"colour":2147483648}`,
		"levels":  `{"levels":{"a":"x","b":null},"tags":["a",null,3]}`,
		"boolean": `{"fragile":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			g.golden("body/"+name, "POST", "/item", body)
			g.expectUnasked()
			response := g.do("PATCH", "/item/1", body)
			expectStatus(t, response, 400)
			g.expectUnasked()
		})
	}
}

// Null is the value of a field that can be absent, and of no other one.
func TestNull(t *testing.T) {
	g := newGateway(t)
	g.golden("body/nulls", "POST", "/item", `{"displayName":null,"amount":null,"note":null,"tags":null,"levels":null,
		"size":{"width":null,"unit":null},"boxes":[{"heightMm":null}],"colour":null,"etag":null,"madeTime":null,"alias":null}`)
	g.expectUnasked()
	accepted := `{"displayName":"null","note":null,"size":null,"boxes":[{"unit":null}],"madeTime":null,"alias":null,
		"shelfCode":null,"meta":{"a":null},"extra":null}`
	for _, verb := range []string{"POST", "PUT"} {
		expectStatus(t, g.do(verb, "/item", accepted), 200)
	}
}

func TestAnEmptyBodyIsRefused(t *testing.T) {
	g := newGateway(t)
	for _, verb := range []string{"PUT", "POST"} {
		expectStatus(t, g.do(verb, "/item", ""), 400)
	}
	g.golden("body/empty", "PATCH", "/item/1", "", "Content-Type", "application/json")
	g.expectUnasked()
}

func TestOnlyTheFirstFaultsAreListed(t *testing.T) {
	g := newGateway(t)
	const more = "The first 100 faults are listed; there are more."
	for faults, listed := range map[int]int{3: 3, 99: 99, 100: 100, 101: 100, 100000: 100} {
		response := g.do("POST", "/item", `{"tags":[`+strings.Repeat("1,", faults-1)+`1]}`)
		expectStatus(t, response, 400)
		text, _ := io.ReadAll(response.Body)
		if got := strings.Count(string(text), "must be a string"); got != listed {
			t.Errorf("%d of %d faults", got, faults)
		}
		if got := strings.Contains(string(text), more); got != (faults > listed) {
			t.Errorf("%d faults: %.200s", faults, text)
		}
	}
	// The rest of the body is not looked at.
	response := g.do("POST", "/item", `{"note":1,"tags":[`+strings.Repeat(`"a",`, 30000)+`1]}`)
	expectStatus(t, response, 400)
	if text, _ := io.ReadAll(response.Body); !strings.Contains(string(text), "there may be more faults than those listed") {
		t.Errorf("%.200s", text)
	}
}

func TestContentTypes(t *testing.T) {
	g := newGateway(t)
	for media, want := range map[string]int{
		"":                                  200,
		"application/json":                  200,
		"Application/JSON; charset=UTF-8":   200,
		"application/json;charset=latin1":   415,
		"application/x-www-form-urlencoded": 415,
		"text/plain":                        415,
		"application/xml":                   415,
		"multipart/form-data; boundary=x":   415,
		"application/merge-patch+json":      415,
		"nonsense":                          415,
	} {
		response := g.do("POST", "/item", `{"displayName":"x"}`, "Content-Type", "", "Content-Type", media)
		if response.StatusCode != want {
			t.Errorf("%q: %d", media, response.StatusCode)
		}
	}
	g.Last()
	g.golden("errors/form", "POST", "/item", `displayName=x`, "Content-Type", "", "Content-Type", "application/x-www-form-urlencoded")
	g.golden("errors/patch_media", "PATCH", "/item/1", `x`, "Content-Type", "", "Content-Type", "text/plain")
	g.golden("errors/compressed", "POST", "/item", `x`, "Content-Encoding", "gzip")
	g.expectUnasked()
}
