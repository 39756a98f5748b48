package header

import "net/http"

// Values of headers that all answers share; nobody changes them.
var (
	noSniff    = []string{"nosniff"}
	dataPolicy = []string{"default-src 'none'; frame-ancestors 'none'"}
	noReferrer = []string{"no-referrer"}
	onlySecure = []string{"max-age=31536000"}
)

// SetSecurity sets the headers that keep browsers from misusing an answer. The
// Content-Security-Policy is that of data, which loads and runs nothing; a handler of
// a page sets another one. secure reports whether the client uses HTTPS, and must
// continue to do so (RFC 6797).
func SetSecurity(h http.Header, secure bool) {
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = dataPolicy
	h["Referrer-Policy"] = noReferrer
	if secure {
		h["Strict-Transport-Security"] = onlySecure
	}
}

// OfRefusal returns the headers of an answer to a request that the HTTP server rejects
// before a handler runs. secure as in SetSecurity.
func OfRefusal(secure bool) http.Header {
	h := http.Header{}
	SetSecurity(h, secure)
	SetRequestID(h, nil)
	return h
}
