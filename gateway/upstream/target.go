package upstream

import (
	"context"
	"net"
	"strconv"
	"strings"
)

// endpoint is one server as gRPC reaches it.
type endpoint struct {
	// target is for grpc.NewClient, and identifies the server.
	target string
	// authority is the name and port that the target of the gateway has for the server; ""
	// is that of the endpoint's target.
	authority string
}

// name is an element of the target: a host, which may have many addresses, or what only gRPC
// reads, such as unix:/path.
type name struct{ text, host, port string }

// names returns the elements of a target, which are separated by commas.
func names(target string) []name {
	var list []name
	for text := range strings.SplitSeq(target, ",") {
		text = strings.TrimSpace(text)
		host, port, err := net.SplitHostPort(strings.TrimPrefix(text, "dns:///"))
		if _, invalid := strconv.ParseUint(port, 10, 16); err != nil || invalid != nil || strings.Contains(host, "/") {
			host, port = "", ""
		}
		list = append(list, name{text, host, port})
	}
	return list
}

// isFixed reports whether the endpoints of a name never change.
func (n name) isFixed() bool { return n.host == "" || net.ParseIP(n.host) != nil }

// endpoints returns the servers of a name.
func (n name) endpoints(ctx context.Context, lookup lookup) ([]endpoint, error) {
	if n.isFixed() {
		return []endpoint{{target: n.text}}, nil
	}
	addresses, err := lookup(ctx, n.host)
	if err != nil {
		return nil, err
	}
	var list []endpoint
	for _, address := range addresses {
		list = append(list, endpoint{"passthrough:///" + net.JoinHostPort(address, n.port), net.JoinHostPort(n.host, n.port)})
	}
	return list, nil
}

// lookup returns the addresses of a host.
type lookup func(ctx context.Context, host string) ([]string, error)
