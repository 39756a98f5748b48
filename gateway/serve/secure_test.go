package serve

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dataservice/gateway/edgetest"
)

// secureProcess is a gateway that serves HTTPS.
type secureProcess struct {
	*process
	authority *edgetest.Authority
	folder    string
}

func startSecure(t *testing.T, target string, flags ...string) *secureProcess {
	t.Helper()
	s := &secureProcess{authority: edgetest.NewAuthority(t, "authority"), folder: t.TempDir()}
	certificate, key, _ := s.authority.Issue(s.folder, "gateway")
	s.process = start(t, target, append(flags, "--tls_certificate="+certificate, "--tls_key="+key)...)
	return s
}

// client returns a client of HTTP/2, or of HTTP/1.1, that keeps no connections if
// fresh is set.
func (s *secureProcess) client(http2, fresh bool) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP2(http2)
	protocols.SetHTTP1(!http2)
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.authority.Pool()}, Protocols: protocols, DisableKeepAlives: fresh,
	}}
}

func (s *secureProcess) dial(config *tls.Config) (*tls.Conn, error) {
	config.RootCAs = s.authority.Pool()
	return tls.Dial("tcp", s.address, config)
}

func TestHTTPSWithBothProtocols(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	for _, http2 := range []bool{false, true} {
		client := s.client(http2, false)
		for path, status := range map[string]int{"/item/1": 200, "/nothing": 404, "/healthz": 200} {
			response, err := client.Get("https://" + s.address + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != status || (response.ProtoMajor == 2) != http2 ||
				response.Header.Get("Strict-Transport-Security") != "max-age=31536000" || response.Header.Get("X-Request-Id") == "" {
				t.Errorf("%s: %s %s %v", path, response.Proto, response.Status, response.Header)
			}
		}
	}
}

// A request that is refused before its body was read ends neither its connection nor
// the other requests of it.
func TestARefusalEndsNoHTTP2Connection(t *testing.T) {
	s := startSecure(t, newFake(t).Address, "--max_body_bytes=1000")
	client := s.client(true, false)
	var reused []bool
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = append(reused, info.Reused) }}
	for _, size := range []int{10, 5 << 20, 5 << 20, 10} {
		body := `{"displayName":"` + strings.Repeat("x", size) + `"}`
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "PUT",
			"https://"+s.address+"/item/1", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if want := map[bool]int{true: 413, false: 200}[size > 1000]; response.StatusCode != want {
			t.Errorf("%d bytes: %s", size, response.Status)
		}
	}
	if !slices.Equal(reused, []bool{false, true, true, true}) {
		t.Errorf("connections reused: %v", reused)
	}
}

// Threads that share one connection of HTTP/2 do not lose it.
func TestThreadsShareAnHTTP2Connection(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	client := s.client(true, false)
	var connections atomic.Int32
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			connections.Add(1)
		}
	}}
	ctx := httptrace.WithClientTrace(t.Context(), trace)
	send := func(verb, body string) {
		request, _ := http.NewRequestWithContext(ctx, verb, "https://"+s.address+"/item/1", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		response, err := client.Do(request)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	send("GET", "")
	for range 100 {
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				if i == 0 {
					send("DELETE", "")
				} else {
					send("PUT", `{"displayName":"x"}`)
				}
			})
		}
		all.Wait()
	}
	if connections.Load() != 1 {
		t.Errorf("%d connections", connections.Load())
	}
}

func TestOldTLSIsRejected(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	for version, accepted := range map[uint16]bool{
		tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true,
	} {
		conn, err := s.dial(&tls.Config{MinVersion: version, MaxVersion: version})
		if (err == nil) != accepted {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			conn.Close()
		}
	}
}

// Responses of net/http itself are replaced under TLS too.
func TestMalformedRequestsUnderTLS(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	for _, request := range []string{
		"GET /item HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", "GET /item HTTP/1.1\r\n\r\n",
	} {
		conn, err := s.dial(&tls.Config{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, request)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != 400 || response.Header.Get("Content-Type") != "application/problem+json" ||
			response.Header.Get("Strict-Transport-Security") == "" || !strings.Contains(string(body), response.Header.Get("X-Request-Id")) {
			t.Errorf("%s %v %s", response.Status, response.Header, body)
		}
		conn.Close()
	}
	response := s.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n")
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != 400 || !strings.Contains(string(body), "serves HTTPS") {
		t.Errorf("without TLS: %s %s", response.Status, body)
	}
}

// A client that does not finish its handshake delays no other one, and is left.
func TestHandshakesThatHang(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	for range 50 {
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	response, err := s.client(true, false).Get("https://" + s.address + "/item/1")
	if err != nil || response.StatusCode != 200 {
		t.Fatal(err, response)
	}
	response.Body.Close()
	s.stop()
	if code := s.wait(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// Certificates are replaced while clients call, with new and with kept connections.
func TestRotationUnderLoad(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	var stop, failed, answered atomic.Int64
	var clients sync.WaitGroup
	for i := range 8 {
		client := s.client(i%2 == 0, i%4 < 2)
		clients.Go(func() {
			for stop.Load() == 0 {
				response, err := client.Get("https://" + s.address + "/item/1")
				if err != nil || response.StatusCode != 200 {
					t.Log(err)
					failed.Add(1)
					continue
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				answered.Add(1)
			}
		})
	}
	for range 2 {
		_, _, serial := s.authority.Issue(s.folder, "gateway")
		s.waitFor("certificate_files_loaded")
		conn, err := s.dial(&tls.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got := conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(); got != serial {
			t.Errorf("serial number %d, not %d", got, serial)
		}
		conn.Close()
	}
	stop.Store(1)
	clients.Wait()
	if failed.Load() > 0 || answered.Load() < 100 {
		t.Errorf("%d failed, %d answered", failed.Load(), answered.Load())
	}
}

func TestDrainingUnderTLS(t *testing.T) {
	s := startSecure(t, newFake(t).Address)
	client := s.client(true, false)
	response, err := client.Get("https://" + s.address + "/item/1")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	s.stop()
	if code := s.wait(); code != 0 {
		t.Errorf("exit %d: %s", code, &s.log.text)
	}
	if _, err := s.dial(&tls.Config{}); err == nil {
		t.Error("the listener is open")
	}
}
