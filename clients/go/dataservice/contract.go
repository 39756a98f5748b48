package dataservice

// Effect is what a call of a method can change. It decides whether a call whose outcome
// is unknown can be repeated.
type Effect int

const (
	// Unknown is a method of which only its author knows what it does. It is repeated only
	// if the service answers that nothing was done, or if it was never sent.
	Unknown Effect = iota
	// Read changes nothing.
	Read
	// Write changes resources. It is repeated with the same request_id, if its request has one.
	Write
)

// Method describes a method of a contract.
type Method struct {
	// Effect is what a call can change.
	Effect Effect
	// RequestID is the name of the request's field that identifies the call (AIP-155), or
	// empty.
	RequestID string
}

// Contract describes the methods of a contract by their gRPC names
// ("/bookstore.v1.BookService/GetBook"). Generated code contains one.
type Contract map[string]Method

// ImportFields has the names of the fields of an import's messages.
type ImportFields struct {
	// RequestID is the field of a request that identifies it, or empty.
	RequestID string
	// Failed is the field of the response with the number of refused rows.
	Failed string
	// Failures is its field with the first refused rows.
	Failures string
	// Position is the field of a failure with the position of the row in the stream.
	Position string
	// Status is the field of a failure with its error (google.rpc.Status).
	Status string
}
