// The checker of the sequential model, and what lists and counts show.
#include "serial_fixture.h"

namespace dataservice::test {
namespace {

class SerialListTest : public SerialCheckTest {
 protected:
  SerialCall& List(SerialTime from, SerialTime to, const std::vector<SerialRow>& rows) {
    SerialCall& call = Read(from, to, rows);
    call.keys.clear();
    call.listing = {[](const SerialRow& row) { return row.small == 0; },
                    [](const SerialRow& a, const SerialRow& b) { return a.key < b.key; }};
    return call;
  }
};

TEST_F(SerialListTest, WhatWasThereIsListedOnceAndInOrder) {
  const SerialRow a = Row("a", 1, 1);
  const SerialRow b = Row("b", 2, 2);
  Create(1, 2, a);
  Create(1, 2, b);
  List(3, 4, {a, b});
  ExpectNothing();
  history_.back().rows = {a};
  ExpectFound("no order explains, of b");
  history_.back().rows = {b, a};
  ExpectFound("shows a out of order");
  history_.back().rows = {a, a, b};
  ExpectFound("shows a twice");
}

TEST_F(SerialListTest, AFilterHolds) {
  SerialRow row = Row("a", 1, 1);
  row.small = 1;
  Create(1, 2, row);
  List(3, 4, {});
  ExpectNothing();
  history_.back().rows = {row};
  ExpectFound("against its filter");
}

TEST_F(SerialListTest, ARowThatWentMeanwhileMayBeMissing) {
  Create(1, 2, Row("a", 1, 1));
  Delete(3, 9, "a");
  List(4, 5, {});
  ExpectNothing();
  List(6, 7, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialListTest, ACountIsOfWhatWasThere) {
  Create(1, 2, Row("a", 1, 1));
  Create(1, 2, Row("b", 2, 2));
  Delete(5, 9, "b");
  auto& call = Read(6, 7, {});
  call.count = {[](const SerialRow&) { return true; }, 2};
  ExpectNothing();
  call.count->count = 1;
  ExpectNothing();
  call.count->count = 0;
  ExpectFound("counts 0; at least 1 and at most 2");
}

}  // namespace
}  // namespace dataservice::test
