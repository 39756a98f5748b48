// Histories made by hand, for the tests of their checker.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "serial_check.h"

namespace dataservice::test {

// A row "a" or "b" whose tag is also its version and its number.
inline SerialRow Row(const std::string& key, int64_t tag, int64_t made) {
  SerialRow row{.key = key, .tag = tag, .made = made, .changed = tag};
  row.big = tag;
  row.etag = "e" + std::to_string(tag);
  return row;
}

inline SerialWrite Writing(SerialWrite::Kind kind, const SerialRow& row) {
  SerialWrite write{.kind = kind, .key = row.key, .tag = row.tag};
  write.sent = row;
  write.sent.etag.clear();
  return write;
}

inline SerialCall Call(SerialTime invoked, SerialTime returned, SerialCall::Outcome outcome) {
  SerialCall call{.what = "call", .invoked = invoked, .returned = returned, .outcome = outcome};
  return call;
}

class SerialCheckTest : public testing::Test {
 protected:
  // Calls that are done, from one time to another.
  SerialCall& Write(SerialTime from, SerialTime to, SerialWrite::Kind kind,
                    const std::vector<SerialRow>& rows) {
    SerialCall call = Call(from, to, SerialCall::kDone);
    for (const SerialRow& row : rows) call.writes.push_back(Writing(kind, row));
    call.rows = rows;
    return Add(call);
  }
  SerialCall& Create(SerialTime from, SerialTime to, const SerialRow& row) {
    return Write(from, to, SerialWrite::kCreate, {row});
  }
  SerialCall& Update(SerialTime from, SerialTime to, const SerialRow& row) {
    return Write(from, to, SerialWrite::kUpdate, {row});
  }
  SerialCall& Delete(SerialTime from, SerialTime to, const std::string& key,
                     const std::string& etag = "") {
    SerialCall call = Call(from, to, SerialCall::kDone);
    call.writes.push_back({.kind = SerialWrite::kDelete, .key = key, .etag = etag});
    return Add(call);
  }
  SerialCall& Read(SerialTime from, SerialTime to, const std::vector<SerialRow>& rows) {
    SerialCall call = Call(from, to, SerialCall::kDone);
    for (const SerialRow& row : rows) call.keys.push_back(row.key);
    call.rows = rows;
    return Add(call);
  }
  SerialCall& Absent(SerialTime from, SerialTime to, const std::string& key) {
    SerialCall call = Call(from, to, SerialCall::kRefused);
    call.keys = {key};
    return Add(call);
  }
  // The call before was answered by nothing.
  void Lose() {
    history_.back().outcome = SerialCall::kUnknown;
    history_.back().returned = kNever;
    history_.back().rows.clear();
  }
  SerialCall& Refuse(SerialTime from, SerialTime to, const SerialWrite& write, Refusal refusal) {
    SerialCall call = Call(from, to, SerialCall::kRefused);
    call.writes = {write};
    call.refusal = refusal;
    return Add(call);
  }
  SerialCall& Add(const SerialCall& call) {
    history_.push_back(call);
    return history_.back();
  }

  void ExpectNothing() { EXPECT_THAT(FindContradictions(history_), testing::IsEmpty()); }
  void ExpectFound(const std::string& words) {
    EXPECT_THAT(FindContradictions(history_), testing::Contains(testing::HasSubstr(words)));
  }

  std::vector<SerialCall> history_;
};

}  // namespace dataservice::test
