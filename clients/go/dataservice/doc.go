// Package dataservice is the part of the client that is the same for every contract.
//
// Dial makes a connection over which the generated stubs of a contract keep to the rules
// of the service: each call has a deadline and a request id, a write has a request_id
// (AIP-155) that stays the same when it is repeated, a call is repeated only if the service
// permits it, and errors have types. List, Modify, Import and Export combine several calls
// of the stubs. With EventualReads a standby of the database may answer reads. The package
// logs nothing, and puts no value of a request into an error.
package dataservice
