package stream

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"

	"dataservice/gateway/contract"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// lineFailures are the lines of an import that are not valid rows and were not
// sent.
type lineFailures struct {
	// next is the position of the next line, from 0, blank ones not counted.
	next  int64
	count int64
	first []lineFailure // at most most
	most  int           // number of failures that an answer lists
}

type lineFailure struct {
	position int64
	status   *rpcstatus.Status
}

// sent counts a line that was sent.
func (f *lineFailures) sent() { f.next++ }

// add counts a line that was not sent.
func (f *lineFailures) add(p *problem.Problem) {
	if len(f.first) < f.most {
		f.first = append(f.first, lineFailure{f.next, lineStatus(p)})
	}
	f.next++
	f.count++
}

// lineStatus returns the problem of a line as the status that the server would
// have returned.
func lineStatus(p *problem.Problem) *rpcstatus.Status {
	code := codes.InvalidArgument
	if p.Status == http.StatusRequestEntityTooLarge {
		code = codes.ResourceExhausted
	}
	st := &rpcstatus.Status{Code: int32(code), Message: strings.Replace(p.Detail, "The body", "The line", 1)}
	details := &errdetails.BadRequest{}
	for _, v := range p.Errors[:min(len(p.Errors), limits.LineViolations)] {
		details.FieldViolations = append(details.FieldViolations,
			&errdetails.BadRequest_FieldViolation{Field: problem.Clip(v.Field), Description: problem.Clip(v.Description)})
	}
	if len(details.FieldViolations) > 0 {
		if packed, err := anypb.New(details); err == nil {
			st.Details = []*anypb.Any{packed}
		}
	}
	return st
}

// line returns the position among all lines of the message that has this position
// among those that were sent. It fails if the message follows a failure that is
// not in first.
func (f *lineFailures) line(message int64) (int64, bool) {
	for _, failure := range f.first {
		if failure.position > message {
			return message, true
		}
		message++
	}
	return message, f.count == int64(len(f.first))
}

// merge adds the lines that were not sent to the server's answer. Its failures
// are then the first ones of all lines, in the order of their positions.
func (f *lineFailures) merge(i *contract.Import, answer protoreflect.Message) {
	answer.Set(i.Failed, protoreflect.ValueOfInt64(answer.Get(i.Failed).Int()+f.count))
	theirs := answer.Get(i.Failures).List()
	if len(f.first) == 0 && theirs.Len() == 0 {
		return
	}
	merged := answer.NewField(i.Failures).List()
	add := func(failure lineFailure) {
		added := merged.AppendMutable().Message()
		added.Set(i.Position, protoreflect.ValueOfInt64(failure.position))
		added.Set(i.Status, protoreflect.ValueOfMessage(failure.status.ProtoReflect()))
	}
	ours := f.first
	for n := 0; n < theirs.Len() && merged.Len() < f.most; n++ {
		their := theirs.Get(n).Message()
		position, known := f.line(their.Get(i.Position).Int())
		if !known {
			break
		}
		for len(ours) > 0 && ours[0].position < position && merged.Len() < f.most {
			add(ours[0])
			ours = ours[1:]
		}
		if st, ok := their.Get(i.Status).Message().Interface().(*rpcstatus.Status); ok && merged.Len() < f.most {
			add(lineFailure{position, renameFields(st, i.Line)})
		}
	}
	for ; len(ours) > 0 && merged.Len() < f.most; ours = ours[1:] {
		add(ours[0])
	}
	answer.Set(i.Failures, protoreflect.ValueOfList(merged))
}

// renameFields gives the fields in a status of the server their names in a line.
func renameFields(st *rpcstatus.Status, line *contract.Route) *rpcstatus.Status {
	for i, detail := range st.GetDetails() {
		bad := &errdetails.BadRequest{}
		if detail.UnmarshalTo(bad) != nil {
			continue
		}
		for _, v := range bad.GetFieldViolations() {
			v.Field = line.FieldName(v.GetField())
		}
		if packed, err := anypb.New(bad); err == nil {
			st.Details[i] = packed
		}
	}
	return st
}

// note returns an addition to the error of an import that the server ended: the
// positions in it are those of the messages that were sent.
func (f *lineFailures) note() string {
	if f.count == 0 {
		return ""
	}
	return fmt.Sprintf("; positions do not count the lines that are no valid rows, of which there were %d", f.count)
}
