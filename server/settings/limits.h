// The limits that are not settings: part of what the service means.
#pragma once

namespace dataservice {

// Rows of a page that asks for none (0), and at most (AIP-158).
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// Bytes of metadata that a request may bring (gRPC's own default).
inline constexpr int kMaxMetadataBytes = 8 * 1024;

}  // namespace dataservice
