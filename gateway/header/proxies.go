package header

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Origin is where a request comes from.
type Origin struct {
	// Address is the IP address of the client.
	Address string
	// Host is the host, and the port if there is one, that the client asked.
	Host string
	// Secure reports whether the client used HTTPS.
	Secure bool
}

// Proxies are the proxies that are believed what they report of the client of a
// request. It is safe for concurrent use.
type Proxies struct {
	// Networks have the addresses of the proxies. The headers of any other peer are
	// ignored.
	Networks []netip.Prefix
	// Standard reports that the proxies set Forwarded (RFC 7239), and not
	// X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto. Only one of the two is
	// believed: a proxy passes on the other one as a client has set it.
	Standard bool
}

// Origin returns where a request comes from. secure reports whether its connection is
// one of TLS.
//
// Each proxy appends the address of its own peer to a list. So the client is the last
// address that is not one of a trusted proxy; what is before it, the client has made up.
func (p *Proxies) Origin(r *http.Request, secure bool) Origin {
	o := Origin{Address: peerAddress(r.RemoteAddr), Host: r.Host, Secure: secure}
	if len(p.Networks) == 0 || !p.trusts(o.Address) {
		return o
	}
	if p.Standard {
		p.readForwarded(r.Header["Forwarded"], &o)
	} else {
		p.readXForwarded(r.Header, &o)
	}
	return o
}

func (p *Proxies) readXForwarded(h http.Header, o *Origin) {
	for _, text := range backwards(h["X-Forwarded-For"], ',') {
		address := addressOf(text)
		if address == "" {
			break
		}
		o.Address = address
		if !p.trusts(address) {
			break
		}
	}
	o.setHost(last(h["X-Forwarded-Host"]))
	o.setProtocol(last(h["X-Forwarded-Proto"]))
}

func (p *Proxies) readForwarded(lines []string, o *Origin) {
	for _, element := range backwards(lines, ',') {
		hop := forwardedPairs(element)
		address := addressOf(hop["for"])
		if address == "" {
			break
		}
		o.Address = address
		o.setHost(hop["host"])
		o.setProtocol(hop["proto"])
		if !p.trusts(address) {
			break
		}
	}
}

func (o *Origin) setHost(host string) {
	if host != "" && isPrintable(host) {
		o.Host = host
	}
}

func (o *Origin) setProtocol(protocol string) {
	switch strings.ToLower(protocol) {
	case "https":
		o.Secure = true
	case "http":
		o.Secure = false
	}
}

func (p *Proxies) trusts(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && p.Trust(ip)
}

// Trust reports whether an address is that of one of the proxies.
func (p *Proxies) Trust(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, network := range p.Networks {
		if network.Contains(ip) {
			return true
		}
	}
	return false
}

// peerAddress returns the address without the port of http.Request.RemoteAddr; "" if
// it has none.
func peerAddress(remote string) string {
	address, _, err := net.SplitHostPort(remote)
	if err != nil || !isPrintable(address) {
		return ""
	}
	return address
}

// addressOf returns the IP address of a text that may also have a port; "" if it is
// none, such as "unknown".
func addressOf(text string) string {
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return ip.String()
	}
	if pair, err := netip.ParseAddrPort(text); err == nil {
		return pair.Addr().String()
	}
	return ""
}

// last returns the last element of a list, which the nearest proxy has set.
func last(lines []string) string {
	if list := backwards(lines, ','); len(list) > 0 {
		return list[0]
	}
	return ""
}

// forwardedPairs returns the parameters of an element of Forwarded, by their name in
// lower case (RFC 7239, 4).
func forwardedPairs(element string) map[string]string {
	pairs := map[string]string{}
	for _, part := range backwards([]string{element}, ';') {
		name, value, _ := strings.Cut(part, "=")
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = strings.ReplaceAll(value[1:len(value)-1], `\`, "")
		}
		pairs[strings.ToLower(name)] = value
	}
	return pairs
}

// backwards returns the elements of a list, the last one first, without white space. A
// separator in a quoted string is none. It reads from the end, so that a quotation mark
// that the client has not closed does not hide what a proxy has appended.
func backwards(lines []string, separator byte) []string {
	var list []string
	for _, line := range slices.Backward(lines) {
		quoted, end := false, len(line)
		for i := len(line) - 1; i >= -1; i-- {
			switch {
			case i >= 0 && line[i] == '"' && (i == 0 || line[i-1] != '\\'):
				quoted = !quoted
			case i < 0 || (line[i] == separator && !quoted):
				if element := strings.Trim(line[i+1:end], " \t"); element != "" {
					list = append(list, element)
				}
				end = i
			}
		}
	}
	return list
}
