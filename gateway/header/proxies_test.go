package header

import (
	"net/http"
	"net/netip"
	"testing"
)

func proxies(standard bool) *Proxies {
	return &Proxies{Standard: standard, Networks: []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"),
	}}
}

func originOf(p *Proxies, peer string, headers ...string) Origin {
	r := &http.Request{RemoteAddr: peer, Host: "own", Header: http.Header{}}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return p.Origin(r, false)
}

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	all := []string{
		"X-Forwarded-For", "192.0.2.1", "X-Forwarded-Host", "h", "X-Forwarded-Proto", "https",
		"Forwarded", "for=192.0.2.1;host=h;proto=https",
	}
	believed := Origin{"192.0.2.1", "h", true}
	for peer, want := range map[string]Origin{
		"10.1.2.3:99":          believed,
		"[fd00::1]:99":         believed,
		"[fd00::1%eth0]:99":    believed,
		"[::ffff:10.1.2.3]:99": believed,
		"11.1.2.3:99":          {"11.1.2.3", "own", false},
		"[fe80::1]:99":         {"fe80::1", "own", false},
		"127.0.0.1:99":         {"127.0.0.1", "own", false},
		"@":                    {"", "own", false},
	} {
		for _, standard := range []bool{false, true} {
			if got := originOf(proxies(standard), peer, all...); got != want {
				t.Errorf("%s: %v, not %v", peer, got, want)
			}
		}
		if got := originOf(&Proxies{}, peer, all...); got.Host != "own" || got.Secure || got.Address == "192.0.2.1" {
			t.Errorf("%s without proxies: %v", peer, got)
		}
	}
}

// A proxy passes on the header that it does not set as the client has sent it.
func TestOnlyOneFormIsBelieved(t *testing.T) {
	if got := originOf(proxies(false), "10.0.0.1:1", "Forwarded", "for=192.0.2.1;host=h;proto=https"); got.Address != "10.0.0.1" || got.Host != "own" || got.Secure {
		t.Error(got)
	}
	if got := originOf(proxies(true), "10.0.0.1:1", "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Host", "h", "X-Forwarded-Proto", "https"); got.Address != "10.0.0.1" || got.Host != "own" || got.Secure {
		t.Error(got)
	}
}

func TestTheClientIsTheLastAddressThatIsNoProxy(t *testing.T) {
	for list, want := range map[string]string{
		"192.0.2.1":                              "192.0.2.1",
		"192.0.2.9, 192.0.2.1":                   "192.0.2.1", // the client has made up the first one
		"192.0.2.9, 192.0.2.1, 10.0.0.7":         "192.0.2.1",
		"10.9.9.9,192.0.2.1 ,10.0.0.7":           "192.0.2.1",
		"10.0.0.8, 10.0.0.7":                     "10.0.0.8",
		"unknown, 10.0.0.7":                      "10.0.0.7",
		"192.0.2.1:4711":                         "192.0.2.1",
		"[2001:db8::1]:4711":                     "2001:db8::1",
		"2001:db8::1":                            "2001:db8::1",
		"\", 192.0.2.1":                          "192.0.2.1",
		"":                                       "10.0.0.1",
		", ,":                                    "10.0.0.1",
		"192.0.2.1\r\nx-forwarded-for: 10.0.0.1": "10.0.0.1",
	} {
		if got := originOf(proxies(false), "10.0.0.1:1", "X-Forwarded-For", list); got.Address != want {
			t.Errorf("%q: %s, not %s", list, got.Address, want)
		}
	}
	if got := originOf(proxies(false), "10.0.0.1:1", "X-Forwarded-For", "192.0.2.9", "X-Forwarded-For", "192.0.2.1"); got.Address != "192.0.2.1" {
		t.Errorf("two lines: %s", got.Address)
	}
}

func TestForwarded(t *testing.T) {
	for text, want := range map[string]Origin{
		"for=192.0.2.1;proto=https;by=10.0.0.1;host=h":             {"192.0.2.1", "h", true},
		`For="[2001:db8::1]:4711" ; Proto=HTTPS;HOST="h:1"`:        {"2001:db8::1", "h:1", true},
		"for=192.0.2.9;host=x, for=192.0.2.1;host=h, for=10.0.0.7": {"192.0.2.1", "h", false},
		`for="192.0.2.9, for=192.0.2.1`:                            {"192.0.2.1", "own", false},
		`for="\"192.0.2.9;host=x", for=192.0.2.1`:                  {"192.0.2.1", "own", false},
		"for=_hidden, for=10.0.0.7;proto=https":                    {"10.0.0.7", "own", true},
		"for=192.0.2.1;proto=gopher":                               {"192.0.2.1", "own", false},
		"nonsense":                                                 {"10.0.0.1", "own", false},
		"for=192.0.2.1;host=\"\xff\"":                              {"192.0.2.1", "own", false},
	} {
		if got := originOf(proxies(true), "10.0.0.1:1", "Forwarded", text); got != want {
			t.Errorf("%s: %v, not %v", text, got, want)
		}
	}
}
