// bench_relay: a network between two programs of one machine, for measuring
// what a distance to the database costs.
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>

#include "relay.h"

int main(int argc, char** argv) {
  CLI::App app("Relays TCP connections on 127.0.0.1, delaying each direction.");
  int listen = 0;
  int target = 0;
  int64_t delay_us = 0;
  app.add_option("--listen", listen, "Port to listen on")->required()->check(CLI::Range(1, 65535));
  app.add_option("--target", target, "Port to connect to")->required()->check(CLI::Range(1, 65535));
  app.add_option("--delay_us", delay_us, "Microseconds added each way")
      ->required()
      ->check(CLI::Range(0, 10000000));
  CLI11_PARSE(app, argc, argv);
  // The kernel would wake it up to 50 us late (prctl(2), PR_SET_TIMERSLACK).
  prctl(PR_SET_TIMERSLACK, 1UL);
  try {
    bench::Relay(listen, target, std::chrono::microseconds(delay_us)).Run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_relay: %s\n", error.what());
    return 1;
  }
}
