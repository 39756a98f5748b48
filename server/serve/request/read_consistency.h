// Metadata by which a caller says what its reads must see.
#pragma once

#include <optional>
#include <string_view>

#include "serve/reader/reader.h"
#include "serve/request/request_context.h"

namespace dataservice {

// Of requests, and of the answers that a reader gave.
inline constexpr std::string_view kReadConsistencyKey = "read-consistency";
inline constexpr std::string_view kEventual = "eventual";
// Of the answers to writes, and of reads that must see the write.
inline constexpr std::string_view kConsistencyTokenKey = "consistency-token";

// The bound of a read that may be stale: its `read-consistency` is "eventual", or
// "eventual; max-staleness=500ms" with a duration as the flags have. Nothing for all others, also
// if the value cannot be read, or if there are several of it or of the token: the writer answers
// them. Refers to the metadata.
std::optional<ReadBound> ReadBoundOf(const RequestContext& context);

}  // namespace dataservice
