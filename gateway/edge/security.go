package edge

import (
	"encoding/json"
	"fmt"
)

// withRequiredSecurity returns the OpenAPI document of a gateway that rejects requests
// without Authorization. The document of the contract allows both, because only the
// policy of the server decides what a caller without a token may do.
func withRequiredSecurity(document []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(document, &members); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	members["security"] = json.RawMessage(`[{"bearer": []}]`)
	text, err := json.MarshalIndent(members, "", "  ")
	return append(text, '\n'), err
}
