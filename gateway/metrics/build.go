package metrics

import (
	"crypto/sha256"
	"encoding/hex"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
)

// Version is the version of the product; gateway/build sets it.
var Version = "unknown"

// digestBytes are the bytes of a contract's digest that are shown.
const digestBytes = 8

// Build is what the program was made of.
type Build struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	GRPC    string `json:"grpc"`
	// Contract identifies the contract's description. Gateways with different digests serve
	// different contracts.
	Contract string `json:"contract_digest"`
}

// BuildOf returns the build of this program, which serves a contract with this description.
func BuildOf(description []byte) Build {
	digest := sha256.Sum256(description)
	return Build{Version, runtime.Version(), grpc.Version, hex.EncodeToString(digest[:digestBytes])}
}

func (b Build) labels(contract string) prometheus.Labels {
	return prometheus.Labels{
		"version": b.Version, "go_version": b.Go, "grpc_version": b.GRPC, "contract": contract, "contract_digest": b.Contract,
	}
}
