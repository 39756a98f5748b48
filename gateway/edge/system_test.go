package edge_test

import (
	"bytes"
	"io"
	"testing"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dataservice/gateway/gen/testdepot/contract"
)

func TestHealth(t *testing.T) {
	g := newGateway(t)
	g.golden("system/healthz", "GET", "/healthz", "")
	g.golden("system/readyz", "GET", "/readyz", "")
	g.Health.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	g.golden("system/not_serving", "GET", "/readyz", "")
	g.Health.SetServingStatus("", healthpb.HealthCheckResponse_SERVING)
	g.edge.Drain()
	g.golden("system/draining", "GET", "/readyz", "")
	expectStatus(t, g.do("GET", "/healthz", ""), 200)
	expectStatus(t, g.do("GET", "/item/1", ""), 200) // requests are still served
}

func TestOpenAPIIsCached(t *testing.T) {
	g := newGateway(t)
	response := g.do("GET", "/openapi.json", "")
	expectStatus(t, response, 200)
	if body, _ := io.ReadAll(response.Body); !bytes.Equal(body, contract.Contract().OpenAPI) {
		t.Errorf("%d bytes", len(body))
	}
	expectHeader(t, response, "Content-Type", "application/json")
	expectHeader(t, response, "Cache-Control", "public, max-age=300")
	response = g.do("GET", "/openapi.json", "", "If-None-Match", response.Header.Get("Etag"))
	expectStatus(t, response, 304)
}
