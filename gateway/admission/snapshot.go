package admission

import (
	"cmp"
	"slices"
)

// Holding is what one client holds.
type Holding struct {
	Client string `json:"client"`
	Bytes  int64  `json:"bytes,omitempty"`
	// Calls are under way, and Waiting ones wait for the client's turn.
	Calls       int `json:"calls,omitempty"`
	Waiting     int `json:"waiting,omitempty"`
	Connections int `json:"connections,omitempty"`
}

// Snapshot is what all clients hold at a moment.
type Snapshot struct {
	Limits  Limits `json:"limits"`
	Bytes   int64  `json:"bytes"`
	Calls   int    `json:"calls"`
	Waiting int    `json:"waiting"`
	Clients int    `json:"clients"`
	// MostBytes and MostCalls are what one client holds at most; its waiting calls count.
	MostBytes int64 `json:"most_bytes"`
	MostCalls int   `json:"most_calls"`
	// Refused counts the requests, and pieces of them, for which no memory was free.
	Refused uint64 `json:"refused"`
	// Largest are the clients that hold the most, at most as many as were asked for.
	Largest []Holding `json:"largest,omitempty"`
}

// Snapshot returns what clients hold, with the given number of them.
func (c *Control) Snapshot(largest int) Snapshot {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	s := Snapshot{Limits: c.limits, Bytes: c.bytes, Calls: c.calls, Clients: len(c.clients), Refused: c.refused}
	for client, held := range c.clients {
		calls := held.calls + len(held.waiting)
		s.Waiting += len(held.waiting)
		s.MostBytes = max(s.MostBytes, held.bytes)
		s.MostCalls = max(s.MostCalls, calls)
		if largest > 0 && held.bytes+int64(calls) > 0 {
			s.Largest = append(s.Largest, Holding{Client: client.String(), Bytes: held.bytes, Calls: held.calls, Waiting: len(held.waiting)})
		}
	}
	slices.SortFunc(s.Largest, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(b.Calls+b.Waiting, a.Calls+a.Waiting), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Client, b.Client))
	})
	s.Largest = s.Largest[:min(largest, len(s.Largest))]
	return s
}

// String returns the address, or "unknown".
func (c Client) String() string {
	if !c.isKnown() {
		return "unknown"
	}
	return c.address.String()
}
