package serve

import (
	"bytes"
	"context"
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// failure runs a gateway that must not start, and returns what it prints.
func failure(t *testing.T, code int, flags ...string) string {
	t.Helper()
	var output bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if got := run(ctx, contract.Contract(), flags, noEnvironment, &output); got != code {
		t.Errorf("%v: exit %d, not %d: %s", flags, got, code, &output)
	}
	return output.String()
}

func TestCleartextIsForThisMachineOnly(t *testing.T) {
	for _, address := range []string{":0", "0.0.0.0:0", "[::]:0"} {
		if text := failure(t, 1, "--http_address="+address); !strings.Contains(text, "can be reached from other machines") {
			t.Errorf("%s: %s", address, text)
		}
	}
	p := start(t, newFake(t).Address, "--http_address=0.0.0.0:0", "--allow_cleartext")
	if !strings.Contains(p.log.text.String(), "\"level\":\"warning\",\"event\":\"cleartext\"") {
		t.Error(&p.log.text)
	}
	p = start(t, newFake(t).Address, "--http_address=localhost:0")
	if strings.Contains(p.log.text.String(), "WARN") {
		t.Error(&p.log.text)
	}
}

func TestSecurityFlagsThatDoNotFit(t *testing.T) {
	folder := t.TempDir()
	certificate, key, _ := edgetest.NewAuthority(t, "authority").Issue(folder, "gateway")
	for _, flags := range []string{
		"--tls_certificate=x", "--tls_key=x", "--grpc_tls_certificate=x --grpc_tls_ca=system", "--grpc_tls_server_name=x",
		"--grpc_tls_certificate=x --grpc_tls_key=y", "--trusted_proxy=10.0.0.1", "--trusted_proxy=x", "--forwarded_header=x",
		"--cors_origin=https://a/", "--cors_origin=a.example.com", "--cors_origin=HTTPS://a", "--cors_origin=null",
		"--cors_origin=https://a:443", "--cors_origin=https://a --cors_origin=http://b/x", "--cors_origin=* --cors_credentials",
		"--cors_max_age=-1s",
	} {
		failure(t, 2, strings.Fields(flags)...)
	}
	for _, flags := range []string{
		"--tls_certificate=none --tls_key=" + key, "--tls_certificate=" + key + " --tls_key=" + certificate,
		"--grpc_tls_ca=none", "--grpc_tls_ca=system --grpc_tls_certificate=none --grpc_tls_key=none",
	} {
		failure(t, 1, append(strings.Fields(flags), "--http_address=127.0.0.1:0")...)
	}
	s, err := parseSettings([]string{
		"--cors_origin=https://a, http://b:8080", "--cors_origin=http://[::1]:1", "--trusted_proxy=10.0.0.0/8,fd00::/8",
	}, noEnvironment, nil)
	if err != nil || s.corsOrigins.String() != "https://a,http://b:8080,http://[::1]:1" || len(s.trustedProxies) != 2 {
		t.Error(s, err)
	}
}

// startServer starts a fake server that requires a certificate of its own authority.
func startServer(t *testing.T, address string, authority *edgetest.Authority) *edgetest.Fake {
	t.Helper()
	certificate, key, _ := authority.Issue(t.TempDir(), "server")
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	fake := edgetest.NewFake(t, address, grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: authority.Pool(), ClientAuth: tls.RequireAndVerifyClientCert,
	})))
	fake.AnswerWith(&depot.Item{Id: "1"}, nil)
	return fake
}

func statusOfItem(t *testing.T, p *process) int {
	t.Helper()
	response, err := http.Get("http://" + p.address + "/item/1")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func TestMutualTLSToTheServer(t *testing.T) {
	authority, other := edgetest.NewAuthority(t, "authority"), edgetest.NewAuthority(t, "other")
	folder := t.TempDir()
	ca, otherCA := folder+"/ca.crt", folder+"/other.crt"
	authority.Write(ca)
	other.Write(otherCA)
	certificate, key, _ := authority.Issue(folder, "gateway")
	forged, forgedKey, _ := other.Issue(folder, "forged")
	fake := startServer(t, "127.0.0.1:0", authority)
	for name, flags := range map[string][]string{
		"certificate of another authority": {"--grpc_tls_ca=" + ca, "--grpc_tls_certificate=" + forged, "--grpc_tls_key=" + forgedKey},
		"no certificate":                   {"--grpc_tls_ca=" + ca},
		"server of another authority":      {"--grpc_tls_ca=" + otherCA, "--grpc_tls_certificate=" + certificate, "--grpc_tls_key=" + key},
		"server of another name": {"--grpc_tls_ca=" + ca, "--grpc_tls_certificate=" + certificate, "--grpc_tls_key=" + key,
			"--grpc_tls_server_name=elsewhere"},
		"no TLS": nil,
	} {
		p := start(t, fake.Address, flags...)
		p.waitFor("server_unreachable")
		if got := statusOfItem(t, p); got != 503 {
			t.Errorf("%s: %d", name, got)
		}
		p.stop()
	}
	p := start(t, fake.Address, "--grpc_tls_ca="+ca, "--grpc_tls_certificate="+certificate, "--grpc_tls_key="+key,
		"--grpc_tls_server_name=server")
	p.waitFor("server_reached")
	if got := statusOfItem(t, p); got != 200 {
		t.Errorf("mTLS: %d", got)
	}
}

// All files change, and then the server: the next connection needs the new ones.
func TestRotationOfTheFilesForTheServer(t *testing.T) {
	before, after := edgetest.NewAuthority(t, "before"), edgetest.NewAuthority(t, "after")
	folder := t.TempDir()
	ca := folder + "/ca.crt"
	before.Write(ca)
	certificate, key, _ := before.Issue(folder, "gateway")
	fake := startServer(t, "127.0.0.1:0", before)
	p := start(t, fake.Address, "--grpc_tls_ca="+ca, "--grpc_tls_certificate="+certificate, "--grpc_tls_key="+key)
	p.waitFor("server_reached")
	after.Write(ca)
	after.Issue(folder, "gateway")
	p.waitFor("certificate_files_loaded")
	p.waitFor("certificate_files_loaded")
	if got := statusOfItem(t, p); got != 200 { // the connection is kept
		t.Errorf("before: %d", got)
	}
	fake.Stop()
	p.waitFor("server_unreachable")
	startServer(t, fake.Address, after)
	p.waitFor("server_reached")
	if got := statusOfItem(t, p); got != 200 {
		t.Errorf("after: %d", got)
	}
}

func TestTargetsOnThisMachine(t *testing.T) {
	for target, want := range map[string]bool{
		"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, "unix:/x": true, "dns:///localhost:1": true,
		"10.0.0.1:1": false, "server:1": false, "dns:///server:1": false, "dns://127.0.0.1/server:1": false, "x": false,
	} {
		if got := isLocal(target); got != want {
			t.Errorf("%s: %v", target, got)
		}
	}
}
