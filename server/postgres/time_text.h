// Conversions between Protobuf's seconds and nanoseconds and PostgreSQL's texts of times. All
// times are UTC. Nanoseconds are truncated to the microseconds that PostgreSQL stores.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dataservice {

struct Instant {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  int32_t nanos = 0;    // 0..999,999,999
};

// The range of google.protobuf.Timestamp: the years 1 to 9999.
bool IsValidTimestamp(Instant time);

// "2026-01-31T23:59:59.123456Z". `time` must be valid.
void AppendTimestamp(Instant time, std::string& out);

// Reads a timestamptz from the bytes that timestamptz_send() gives, in hexadecimal digits, or from
// PostgreSQL's text under DateStyle ISO, of any TimeZone: "2026-01-31 23:59:59.123456+00". Returns
// false for what Timestamp cannot hold (infinity, BC).
bool ParseTimestamp(std::string_view text, Instant& time);

// The range of google.protobuf.Duration: 315,576,000,000 s either way, both
// parts of one sign.
bool IsValidDuration(int64_t seconds, int32_t nanos);

// "-12:34:56.123456". The duration must be valid.
void AppendInterval(int64_t seconds, int32_t nanos, std::string& out);

// Reads an interval from the bytes that interval_send() gives, in hexadecimal digits, or
// from the seconds that extract(epoch FROM interval) gives: "-1.500000". A day has 24 hours, a
// month 30 days and a year 365.25, as for extract(). False for what Duration cannot hold.
bool ParseInterval(std::string_view text, int64_t& seconds, int32_t& nanos);

// "2026-01-31". Returns false for a date that is incomplete (google.type.Date allows parts to be 0)
// or does not exist.
bool AppendDate(int year, int month, int day, std::string& out);
// Reads PostgreSQL's text of such a date under DateStyle ISO.
bool ParseDate(std::string_view text, int& year, int& month, int& day);

}  // namespace dataservice
