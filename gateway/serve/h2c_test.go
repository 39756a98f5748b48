package serve

import (
	"net/http"
	"testing"
)

// HTTP/2 without TLS, with prior knowledge (RFC 9113, 3.3), beside HTTP/1 on the same port.
func TestHTTP2WithoutTLS(t *testing.T) {
	p := start(t, newFake(t).Address)
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	client := &http.Client{Transport: transport}
	for range 3 {
		response, err := client.Get("http://" + p.address + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.ProtoMajor != 2 || response.StatusCode != 200 || response.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %d %v", response.Proto, response.StatusCode, response.Header)
		}
	}
	response, err := http.Get("http://" + p.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.ProtoMajor != 1 {
		t.Errorf("%s", response.Proto)
	}
	p.stop()
	transport.CloseIdleConnections()
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}
