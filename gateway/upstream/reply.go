package upstream

import (
	"dataservice/gateway/calls"
	"dataservice/gateway/header"
)

// Reply is the answer to a unary call. Its message is JSON if the route asks for it
// (contract.Route.Form).
type Reply struct{ calls.Reply }

// Created reports whether the server says, in its header metadata, that the call
// created a resource.
func (r *Reply) Created() bool {
	for key, value := range r.pairs {
		if key == "resource-created" {
			return value == "true"
		}
	}
	return false
}

// FromReader reports whether a reader answered, so that the answer may be stale.
func (r *Reply) FromReader() bool {
	for key, value := range r.pairs {
		if key == header.ReadConsistencyKey {
			return value == "eventual"
		}
	}
	return false
}

// ConsistencyToken returns the token with which a later read sees the write; "" if there is none.
func (r *Reply) ConsistencyToken() string {
	for key, value := range r.pairs {
		if key == header.ConsistencyTokenKey {
			return value
		}
	}
	return ""
}

// Values returns the values of the fields of the answer that the route asks for.
func (r *Reply) Values() []string {
	var values []string
	for key, value := range r.pairs {
		if key == "response-value-bin" {
			values = append(values, value)
		}
	}
	return values
}

// pairs are the keys and values of the header metadata.
func (r *Reply) pairs(yield func(key, value string) bool) {
	for i := 0; i+1 < len(r.Metadata); i += 2 {
		if !yield(r.Metadata[i], r.Metadata[i+1]) {
			return
		}
	}
}
