package admission

import (
	"dataservice/gateway/limits"
)

// Request is what one request holds. The zero Request holds nothing and is limited by
// nothing. One goroutine uses it.
type Request struct {
	control *Control
	share   *share
	// held is what was taken, and used what is needed of it.
	held, used int64
	// calling reports that the request has one of the calls.
	calling bool
}

// Begin takes limits.RequestBytes, the memory of a small request, for a client, and
// reports whether it was free. End returns all that the request holds.
func (r *Request) Begin(c *Control, client Client) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	s := c.share(client)
	if !c.take(s, limits.RequestBytes) {
		return false
	}
	r.control, r.share, r.held = c, s, limits.RequestBytes
	return true
}

// Hold takes more bytes, and reports whether they were free.
func (r *Request) Hold(bytes int64) bool {
	missing := r.used + bytes - r.held
	if r.control != nil && missing > 0 {
		r.control.mutex.Lock()
		free := r.control.take(r.share, missing)
		r.control.mutex.Unlock()
		if !free {
			return false
		}
		r.held += missing
	}
	r.used += bytes
	return true
}

// HoldAnyway takes more bytes, also if they are not free: the answer to a write must
// reach the client.
func (r *Request) HoldAnyway(bytes int64) {
	if r.control == nil || r.Hold(bytes) {
		return
	}
	r.control.mutex.Lock()
	r.control.give(r.share, -bytes)
	r.control.mutex.Unlock()
	r.held += bytes
	r.used += bytes
}

// Used returns the bytes of Hold that the request needs.
func (r *Request) Used() int64 { return r.used }

// DropTo makes the bytes that the request needs as many as at an earlier moment. What was
// taken stays taken, for what the request holds next.
func (r *Request) DropTo(used int64) { r.used = used }

// End returns all that the request holds.
func (r *Request) End() {
	if r.control == nil {
		return
	}
	r.control.mutex.Lock()
	r.control.give(r.share, r.held)
	r.control.mutex.Unlock()
	*r = Request{}
}
