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

// HoldOrYield is Hold for a request that is refused if the bytes are not free. It yields in the
// same moment: of requests that compete for the memory, the last one has all of it.
func (r *Request) HoldOrYield(bytes int64) bool {
	if r.control == nil || r.used+bytes <= r.held {
		return r.Hold(bytes)
	}
	r.control.mutex.Lock()
	defer r.control.mutex.Unlock()
	missing := r.used + bytes - r.held
	if !r.control.take(r.share, missing) {
		r.yield()
		return false
	}
	r.held += missing
	r.used += bytes
	return true
}

// Yield returns what a refused request holds beyond limits.RequestBytes, before the rest of
// its body is read.
func (r *Request) Yield() {
	if r.control == nil {
		return
	}
	r.control.mutex.Lock()
	defer r.control.mutex.Unlock()
	r.yield()
}

// yield is Yield while the mutex is held.
func (r *Request) yield() {
	if more := r.held - limits.RequestBytes; more > 0 {
		r.control.give(r.share, more)
		r.held -= more
	}
	r.used = 0
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
