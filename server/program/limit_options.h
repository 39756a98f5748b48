// The options of the server that limit what clients may have.
#pragma once

#include <CLI/CLI.hpp>

#include "program/options.h"
#include "serve/connection/connection_limits.h"

namespace dataservice {

inline void AddLimitOptions(CLI::App& app, ConnectionLimits& limits) {
  app.add_option("--max_connections", limits.max_connections,
                 "Open connections; at most what the limit of file descriptors permits. Further "
                 "ones are closed")
      ->check(CLI::Range(1, 1000000));
  app.add_option("--max_client_connections", limits.max_client_connections,
                 "Open connections of one client address (IPv6: of one /64 network). 0: half of "
                 "--max_connections")
      ->check(CLI::Range(0, 1000000));
  app.add_option("--max_calls", limits.max_calls,
                 "Calls under way; more are refused with RESOURCE_EXHAUSTED. One client address "
                 "may have half of them")
      ->check(CLI::Range(2, 10000000));
  app.add_option("--max_streams", limits.max_streams,
                 "Of them, streams (imports, exports, watches). One client address may have half "
                 "of them")
      ->check(CLI::Range(2, 1000000));
  app.add_option("--max_unread_bytes", limits.max_unread_bytes,
                 "Bytes of answers that clients have not received; calls with further answers are "
                 "cancelled. One client address may have half of them")
      ->check(CLI::Range(int64_t{8 * 1024 * 1024}, int64_t{1} << 40));
  app.add_option("--max_partial_bytes", limits.max_partial_bytes,
                 "Bytes of request messages that have arrived in part; a connection that sends "
                 "more is closed. One client address may have half of them")
      ->check(CLI::Range(int64_t{8 * 1024 * 1024}, int64_t{1} << 40));
  app.add_option("--max_client_frame_rate", limits.max_client_frame_rate,
                 "HTTP/2 frames in a second that belong to no call (resets, pings and others), of "
                 "one client address: the connection that sends more is closed. 0: no limit")
      ->check(CLI::Range(0, 10000000));
  AddDuration(app, "--handshake_timeout", limits.handshake_timeout,
              "Time for TLS and the first frames of a connection", absl::Milliseconds(100),
              absl::Minutes(5));
  AddDuration(app, "--idle_timeout", limits.idle_timeout,
              "A connection without a call is closed after this time", absl::Seconds(1),
              absl::Hours(24));
  AddDuration(app, "--request_timeout", limits.request_timeout,
              "Time for the message of a unary call to arrive", absl::Milliseconds(100),
              absl::Hours(1));
  AddDuration(app, "--unread_timeout", limits.unread_timeout,
              "A call whose client does not receive the answer is cancelled after this time",
              absl::Milliseconds(100), absl::Hours(1));
}

}  // namespace dataservice
