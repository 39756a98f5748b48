package dataservice

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ServiceConfig returns the gRPC service config of a contract, in JSON: round robin over
// all servers that are healthy, and repetitions of reads. Dial uses it, except for its
// repetitions, which Dial makes itself. A program that uses the stubs alone can give it to
// grpc.WithDefaultServiceConfig.
func ServiceConfig(contract Contract) string {
	type name struct {
		Service string `json:"service"`
		Method  string `json:"method"`
	}
	var reads []name
	for _, method := range slices.Sorted(maps.Keys(contract)) {
		if contract[method].Effect != Read {
			continue
		}
		service, method, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
		reads = append(reads, name{service, method})
	}
	config := map[string]any{
		"loadBalancingConfig": []any{map[string]any{"round_robin": map[string]any{}}},
		"healthCheckConfig":   map[string]any{"serviceName": ""},
	}
	if len(reads) > 0 {
		config["methodConfig"] = []any{map[string]any{
			"name": reads,
			"retryPolicy": map[string]any{
				"maxAttempts": 4, "initialBackoff": "0.05s", "maxBackoff": "3s", "backoffMultiplier": 2,
				"retryableStatusCodes": []string{"UNAVAILABLE"},
			},
		}}
	}
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("service config: %v", err))
	}
	return string(text) + "\n"
}
