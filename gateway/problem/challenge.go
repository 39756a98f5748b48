package problem

import "strings"

// Challenge returns the value of WWW-Authenticate for a request that is not
// authenticated (RFC 6750, 3). realm is the name of the contract, and authorization the
// value of Authorization, "" if there was none: a request without a token gets no error
// code.
func Challenge(realm, authorization string) string {
	challenge := `Bearer realm="` + realm + `"`
	if scheme, token, _ := strings.Cut(authorization, " "); strings.EqualFold(scheme, "Bearer") && token != "" {
		challenge += `, error="invalid_token"`
	}
	return challenge
}
