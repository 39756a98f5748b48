package admission

import (
	"net"
	"net/netip"
)

// Client is what has a share of its own: an IPv4 address, or a network of IPv6 with a
// prefix of 64 bits, which is what one subscriber has. The zero Client stands for all
// whose address is not known; the share of one client does not limit it.
type Client struct{ address netip.Addr }

const subscriberBits = 64

// ClientOf returns the client with an address.
func ClientOf(address netip.Addr) Client {
	address = address.Unmap().WithZone("")
	if address.Is6() {
		network, err := address.Prefix(subscriberBits)
		if err != nil {
			return Client{}
		}
		address = network.Addr()
	}
	return Client{address}
}

// Peer returns the client at the other end of a connection.
func Peer(address net.Addr) Client {
	if tcp, ok := address.(*net.TCPAddr); ok {
		return ClientOf(tcp.AddrPort().Addr())
	}
	return Client{}
}

// Address returns the address, or the first one of the network.
func (c Client) Address() netip.Addr { return c.address }

func (c Client) isKnown() bool { return c.address.IsValid() }
