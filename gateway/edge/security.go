package edge

import (
	"encoding/json"
	"fmt"
)

// adapted returns the OpenAPI document of the contract with what the settings of this gateway
// change: the server's path, and whether a token is required. The document of the contract
// allows requests without one, because only the policy of the server decides what a caller
// without a token may do.
func adapted(document []byte, s Settings) ([]byte, error) {
	if !s.RequireAuthorization && s.BasePath == "" {
		return document, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(document, &members); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	if s.RequireAuthorization {
		members["security"] = json.RawMessage(`[{"bearer": []}]`)
	}
	if s.BasePath != "" {
		servers, err := json.Marshal([]map[string]string{{"url": s.BasePath, "description": "The gateway that serves this document."}})
		if err != nil {
			return nil, err
		}
		members["servers"] = servers
	}
	text, err := json.MarshalIndent(members, "", "  ")
	return append(text, '\n'), err
}
