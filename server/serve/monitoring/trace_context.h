// W3C Trace Context (https://www.w3.org/TR/trace-context/), as far as a server needs it.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

struct TraceContext {
  std::string trace_id;   // 32 hexadecimal digits
  std::string parent_id;  // 16; empty if the caller has no span
  bool sampled = false;
};

// The context that a caller gave by its metadata `traceparent`. If that is not valid, a new trace,
// which is not sampled.
TraceContext TraceContextOf(std::string_view traceparent);

// 16 hexadecimal digits.
std::string NewSpanId();

// Whether a trace is among a part, from 0 to 1, of all traces. All programs of the service choose
// the same ones.
bool IsChosen(std::string_view trace_id, double part);

}  // namespace dataservice
