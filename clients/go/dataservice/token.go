package dataservice

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"
)

// Token is a bearer token (RFC 6750).
type Token struct {
	// Value is sent as "authorization: Bearer VALUE".
	Value string
	// Expiry is when the token becomes invalid; the zero time means that it is not known.
	Expiry time.Time
}

// TokenSource returns a token. It is called before the first call, again a minute before
// the token expires, and after the service has rejected a token; never twice at the same time.
type TokenSource func(context.Context) (Token, error)

// renewBefore is how long before its expiry a token is replaced.
const renewBefore = time.Minute

// tokenCache sends the token of a source with each call (credentials.PerRPCCredentials).
type tokenCache struct {
	source TokenSource
	secure bool

	turn  chan struct{} // holds one value: who has it may call the source
	mu    sync.Mutex
	token Token
}

var _ credentials.PerRPCCredentials = (*tokenCache)(nil)

func newTokenCache(source TokenSource, secure bool) *tokenCache {
	cache := &tokenCache{source: source, secure: secure, turn: make(chan struct{}, 1)}
	cache.turn <- struct{}{}
	return cache
}

// GetRequestMetadata returns the header of a call.
func (c *tokenCache) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	value, ok := c.current()
	if !ok {
		var err error
		if value, err = c.renew(ctx); err != nil {
			return nil, err
		}
	}
	return map[string]string{"authorization": "Bearer " + value}, nil
}

// RequireTransportSecurity reports whether tokens may be sent only with TLS.
func (c *tokenCache) RequireTransportSecurity() bool { return c.secure }

func (c *tokenCache) current() (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := c.token.Expiry.IsZero() || time.Until(c.token.Expiry) > renewBefore
	return c.token.Value, c.token.Value != "" && fresh
}

func (c *tokenCache) renew(ctx context.Context) (string, error) {
	select {
	case <-c.turn:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { c.turn <- struct{}{} }()
	if value, ok := c.current(); ok {
		return value, nil
	}
	token, err := c.source(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = token
	return token.Value, nil
}

// drop forgets the token, which the service has rejected.
func (c *tokenCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = Token{}
}

// isLoopback reports whether an address is that of this machine, to which a token may be
// sent without TLS.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(strings.TrimPrefix(address, "passthrough:///"))
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
