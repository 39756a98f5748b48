package edge

import (
	"net/http"
	"strconv"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/coding"
	"dataservice/gateway/contract"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/header"
	"dataservice/gateway/problem"
	"dataservice/gateway/upstream"
)

// answer is the answer to a unary call.
type answer struct {
	edge  *Edge
	route *contract.Route
	reply *upstream.Reply
	// masked reports that a read mask selects the fields of the answer.
	masked bool
}

// values are the fields of an answer that become headers; "" is none.
type values struct {
	version, nextPage string
	key               []string
}

// values sorts the values that the route asked for (contract.Route.Form).
func (a *answer) values() values {
	var v values
	all := a.reply.Values()
	if a.route.ETag != nil && len(all) > 0 {
		v.version, all = all[0], all[1:]
	}
	if a.route.NextPage != nil && len(all) > 0 {
		v.nextPage, all = all[0], all[1:]
	}
	v.key = all
	return v
}

// write writes the response.
func (a *answer) write(w *responseWriter, r *http.Request) {
	if token := a.reply.ConsistencyToken(); token != "" {
		w.Header()["Consistency-Token"] = []string{token}
	}
	if a.route.AnswersNothing() {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	v := a.values()
	etag := a.etag(v)
	if !a.route.IsRead() {
		a.writeWritten(w, r, v, etag)
		return
	}
	h := w.Header()
	if a.edge.cacheControl != nil {
		h["Cache-Control"] = a.edge.cacheControl
	}
	if a.reply.FromReader() {
		h["Preference-Applied"] = []string{header.ReadEventual}
		h.Add("Vary", "Prefer, Consistency-Token")
	}
	chosen := a.edge.chooseCoding(h, r, len(a.reply.Bytes()))
	if condition := header.Evaluate(r.Header, etag); condition != header.Holds {
		writeCondition(w, condition, header.CodedETag(etag, string(chosen)))
		return
	}
	if !w.held.Hold(int64(len(a.reply.Bytes()))) {
		problem.Overloaded().Write(w)
		return
	}
	if v.nextPage != "" {
		h["Link"] = []string{a.edge.nextLink(r, a.route, v.nextPage)}
	}
	a.writeBody(w, http.StatusOK, etag, chosen)
}

// writeWritten writes the response to a write.
func (a *answer) writeWritten(w *responseWriter, r *http.Request, v values, etag string) {
	w.held.HoldAnyway(int64(len(a.reply.Bytes())))
	h, status := w.Header(), http.StatusOK
	if a.reply.Created() {
		status = http.StatusCreated
	}
	if location := a.location(v); location != "" {
		h["Location"] = []string{a.edge.settings.BasePath + location}
	}
	if preferred := header.PreferredReturn(r.Header); preferred != header.ReturnDefault {
		h["Preference-Applied"] = []string{string(preferred)}
		if preferred == header.ReturnMinimal {
			writeMinimal(w, status, etag)
			return
		}
	}
	a.writeBody(w, status, etag, a.edge.chooseCoding(h, r, len(a.reply.Bytes())))
}

// writeMinimal writes a response without the resource (RFC 7240, 4.2).
func writeMinimal(w *responseWriter, status int, etag string) {
	h := w.Header()
	if etag != "" {
		h["ETag"] = []string{etag}
	}
	if status == http.StatusCreated {
		h["Content-Length"] = []string{"0"}
	} else {
		status = http.StatusNoContent
	}
	w.WriteHeader(status)
}

// writeBody writes a response with the answer of the call.
func (a *answer) writeBody(w *responseWriter, status int, etag string, chosen coding.Coding) {
	a.reply.Separate()
	text := a.reply.Bytes()
	h := w.Header()
	if chosen != coding.Identity {
		text = coding.Append(chosen, nil, text)
		w.held.HoldAnyway(int64(len(text)))
		h["Content-Encoding"] = []string{string(chosen)}
	}
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	if etag != "" {
		h["ETag"] = []string{header.CodedETag(etag, string(chosen))}
	}
	w.WriteHeader(status)
	w.writeText(text)
}

var jsonType = []string{"application/json"}

// etag returns the entity tag of the answer; "" if it has none. An entity tag is
// that of the entire representation (RFC 9110, 8.8.3), so an answer with a read
// mask has none, and no condition applies to it.
func (a *answer) etag(v values) string {
	if a.masked {
		return ""
	}
	return header.ETag(v.version)
}

// location returns the location of a resource that the call created; "" if it
// created none.
func (a *answer) location(v values) string {
	if a.route.Location == nil || len(v.key) == 0 || !a.reply.Created() {
		return ""
	}
	return a.route.Location.Of(v.key)
}

// writeCondition responds to a read whose conditions do not hold.
func writeCondition(w http.ResponseWriter, condition header.Condition, etag string) {
	if condition == header.NotModified {
		w.Header()["ETag"] = []string{etag}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	problem.New(http.StatusPreconditionFailed, codes.Aborted, engine.ErrorReason_ETAG_MISMATCH,
		"The resource has another version than If-Match asks for.").Write(w)
}
