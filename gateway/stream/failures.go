package edge

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
)

// lineFailures are the lines of an import that were not sent.
type lineFailures struct {
	// next is the position of the next line, from 0, blank ones not counted.
	next  int64
	count int64
	first []lineFailure // at most maxImportFailures
}

type lineFailure struct {
	position int64
	status   *rpcstatus.Status
}

func (f *lineFailures) sent() { f.next++ }

func (f *lineFailures) add(p *Problem) {
	if len(f.first) < maxImportFailures {
		f.first = append(f.first, lineFailure{f.next, p.lineStatus()})
	}
	f.next++
	f.count++
}

// maxLineViolations keeps the failure of a line short.
const maxLineViolations = 10

// lineStatus is the problem of a line as the server would have written it.
func (p *Problem) lineStatus() *rpcstatus.Status {
	code := codes.InvalidArgument
	if p.Status == http.StatusRequestEntityTooLarge {
		code = codes.ResourceExhausted
	}
	st := &rpcstatus.Status{Code: int32(code), Message: strings.Replace(p.Detail, "The body", "The line", 1)}
	details := &errdetails.BadRequest{}
	for _, v := range p.Errors[:min(len(p.Errors), maxLineViolations)] {
		details.FieldViolations = append(details.FieldViolations,
			&errdetails.BadRequest_FieldViolation{Field: clip(v.Field), Description: clip(v.Description)})
	}
	if len(details.FieldViolations) > 0 {
		st.Details = appendDetail(nil, details)
	}
	return st
}

// clip shortens a text of the client's.
func clip(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}

func appendDetail(details []*anypb.Any, detail proto.Message) []*anypb.Any {
	if packed, err := anypb.New(detail); err == nil {
		details = append(details, packed)
	}
	return details
}

// line is the position among all lines of the message that was sent as the
// given one; false if it comes after the last failure that is remembered, when
// more were forgotten.
func (f *lineFailures) line(message int64) (int64, bool) {
	for _, failure := range f.first {
		if failure.position > message {
			return message, true
		}
		message++
	}
	return message, f.count == int64(len(f.first))
}

// merge adds the lines that were not sent to the server's response, so that
// its failures are the first of all, by position.
func (l *importLines) merge(response proto.Message, failures *lineFailures) {
	m := response.ProtoReflect()
	m.Set(l.failed, protoreflect.ValueOfInt64(m.Get(l.failed).Int()+failures.count))
	if len(failures.first) == 0 && m.Get(l.failures).List().Len() == 0 {
		return
	}
	theirs := m.Get(l.failures).List()
	merged := m.NewField(l.failures).List()
	add := func(position int64, st *rpcstatus.Status) {
		failure := merged.AppendMutable().Message()
		failure.Set(l.position, protoreflect.ValueOfInt64(position))
		failure.Set(l.status, protoreflect.ValueOfMessage(st.ProtoReflect()))
	}
	ours := failures.first
	for i := 0; i < theirs.Len() && merged.Len() < maxImportFailures; i++ {
		their := theirs.Get(i).Message()
		position, known := failures.line(their.Get(l.position).Int())
		if !known {
			break
		}
		for len(ours) > 0 && ours[0].position < position && merged.Len() < maxImportFailures {
			add(ours[0].position, ours[0].status)
			ours = ours[1:]
		}
		if st, ok := their.Get(l.status).Message().Interface().(*rpcstatus.Status); ok && merged.Len() < maxImportFailures {
			add(position, l.translate(st))
		}
	}
	for ; len(ours) > 0 && merged.Len() < maxImportFailures; ours = ours[1:] {
		add(ours[0].position, ours[0].status)
	}
	m.Set(l.failures, protoreflect.ValueOfList(merged))
}

// translate names fields as they are in a line.
func (l *importLines) translate(st *rpcstatus.Status) *rpcstatus.Status {
	for i, detail := range st.GetDetails() {
		bad := &errdetails.BadRequest{}
		if detail.UnmarshalTo(bad) != nil {
			continue
		}
		for _, v := range bad.GetFieldViolations() {
			v.Field = l.create.jsonPath(v.GetField())
		}
		if packed, err := anypb.New(bad); err == nil {
			st.Details[i] = packed
		}
	}
	return st
}

// note is for the error of an import that the server ended, whose positions are
// those of messages.
func (f *lineFailures) note() string {
	if f.count == 0 {
		return ""
	}
	return fmt.Sprintf("; positions do not count the lines that are no valid rows, of which there were %d", f.count)
}

// brokenOff is the problem of a body that did not come whole.
func (l *importLines) brokenOff(err error, response proto.Message, failures *lineFailures) *Problem {
	m := response.ProtoReflect()
	done := fmt.Sprintf(" %d rows were imported before, and %d refused.",
		m.Get(l.imported).Int(), m.Get(l.failed).Int()+failures.count)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return newProblem(http.StatusRequestTimeout, codes.DeadlineExceeded, "BODY_TOO_SLOW",
			"The next line did not arrive in time."+done).with("Connection", "close")
	}
	return newProblem(http.StatusBadRequest, codes.InvalidArgument, "BODY_BROKEN",
		"The body ended early or is not well formed HTTP."+done).with("Connection", "close")
}
