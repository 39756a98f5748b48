package edge

import (
	"net/http"
	"net/url"
	"strings"

	"dataservice/gateway/contract"
)

// nextLink returns the value of Link for the next page of a list (RFC 8288): the target of
// the request with another page token.
func (e *Edge) nextLink(r *http.Request, found *contract.Route, token string) string {
	query := r.URL.Query()
	query.Del(string(found.PageToken.Name()))
	query.Set(found.PageToken.JSONName(), token)
	return "<" + e.settings.BasePath + r.URL.EscapedPath() + "?" + query.Encode() + `>; rel="next"`
}

// withoutBasePath removes the path below which clients see the gateway, such as the stage of
// an API Gateway, from the path of a request. A path that does not begin with it stays as it
// is: what is between client and gateway may have removed it.
func withoutBasePath(u *url.URL, base string) {
	if rest, ok := strings.CutPrefix(u.Path, base); ok && strings.HasPrefix(rest, "/") {
		u.Path = rest
		u.RawPath = strings.TrimPrefix(u.RawPath, base)
	}
}
