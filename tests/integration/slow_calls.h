// Calls for the tests of what is slow, and locks that make them slow.
#pragma once

#include <pqxx/pqxx>

#include "engine_fixture.h"

namespace dataservice::test {

// A lock of the owner that the statement takes, until it is released or destroyed.
struct HeldLock {
  explicit HeldLock(const char* statement) : connection(OwnerDatabase()), work(connection) {
    work.exec(statement);
  }
  void Release() { work.commit(); }

  pqxx::connection connection;
  pqxx::work work;
};

inline constexpr char kLockCounters[] = "LOCK TABLE types.tally IN ACCESS EXCLUSIVE MODE";

// Reads the order "free".
grpc::StatusCode GetFreeOrder(Engine& engine, int timeout_ms);
// Changes a counter.
grpc::Status ChangeCounter(Engine& engine, int number, int timeout_ms);

}  // namespace dataservice::test
