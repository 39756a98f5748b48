// The checker of the sequential model finds what is wrong in histories made by
// hand, and nothing in those that are right.
#include "serial_fixture.h"

namespace dataservice::test {
namespace {

constexpr auto kUpdate = SerialWrite::kUpdate;
constexpr auto kCreate = SerialWrite::kCreate;

TEST_F(SerialCheckTest, CallsOneAfterTheOther) {
  Absent(1, 2, "a");
  Create(3, 4, Row("a", 1, 1));
  Read(5, 6, {Row("a", 1, 1)});
  Update(7, 8, Row("a", 2, 1)).writes[0].etag = "e1";
  Refuse(9, 10, Writing(kCreate, Row("a", 3, 3)), Refusal::kPresent);
  Delete(11, 12, "a", "e2");
  Absent(13, 14, "a");
  Create(15, 16, Row("a", 4, 4));
  ExpectNothing();
}

TEST_F(SerialCheckTest, CallsAtOnceInAnyOrderThatExplainsThem) {
  Create(1, 9, Row("a", 1, 1));
  Update(1, 9, Row("a", 2, 1));
  Delete(1, 9, "a");
  Create(1, 9, Row("a", 3, 3));
  Read(2, 3, {Row("a", 3, 3)});
  Absent(4, 5, "a");  // after the read, so the deletion is of the second row
  Read(6, 7, {Row("a", 1, 1)});
  ExpectNothing();
}

TEST_F(SerialCheckTest, AReadThatGoesBack) {
  Create(1, 2, Row("a", 1, 1));
  Update(3, 9, Row("a", 2, 1));
  Read(4, 5, {Row("a", 2, 1)});
  Read(6, 7, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, AStaleRead) {
  Create(1, 2, Row("a", 1, 1));
  Update(3, 4, Row("a", 2, 1));
  Read(5, 6, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, AReadOfWhatIsNotYetWritten) {
  Create(1, 2, Row("a", 1, 1));
  Read(3, 4, {Row("a", 2, 1)});
  Update(5, 6, Row("a", 2, 1));
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, ALostUpdate) {
  Create(1, 2, Row("a", 1, 1));
  Update(3, 9, Row("a", 2, 1)).writes[0].etag = "e1";
  Update(3, 9, Row("a", 3, 1)).writes[0].etag = "e1";
  ExpectFound("asks for e1 and was done on a w2");
}

TEST_F(SerialCheckTest, ALostField) {
  Create(1, 2, Row("a", 1, 1));
  SerialRow second = Row("a", 2, 1);
  second.small = 7;
  Update(3, 9, second).writes[0].fields = kSmall | kBig;
  Update(3, 9, Row("a", 3, 1)).writes[0].fields = kBig;
  ExpectFound("has not the number of a w2");
}

TEST_F(SerialCheckTest, AnAcknowledgedWriteThatIsGone) {
  Create(1, 2, Row("a", 1, 1));
  history_.back().rows.clear();  // as an import
  Absent(3, 4, "a");
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, AWriteDoneTwice) {
  auto& first = Create(1, 2, Row("a", 1, 1));
  first.writes[0].key.clear();  // the server makes it
  SerialRow again = Row("b", 1, 9);
  again.changed = 9;
  Read(3, 4, {again});
  ExpectFound("one write, done twice");
}

TEST_F(SerialCheckTest, TwoAnswersToOneRequestId) {
  for (const int time : {1, 3}) {
    auto& call = Create(time, time + 1, Row("a", 1, 1));
    call.request_id = "r";
    call.answer = std::to_string(time);
  }
  ExpectFound("request_id r of a call has two answers");
}

TEST_F(SerialCheckTest, ARepeatIsNoSecondWriteEvenWhereTheRowIsGone) {
  Create(1, 2, Row("a", 1, 1)).request_id = "r";
  Delete(3, 4, "a");
  Create(5, 6, Row("a", 1, 1)).request_id = "r";
  Absent(7, 8, "a");
  ExpectNothing();
  Refuse(9, 10, Writing(kCreate, Row("a", 1, 1)), Refusal::kPresent).request_id = "r";
  ExpectFound("later refused");
}

TEST_F(SerialCheckTest, AReuseThatIsNone) {
  Refuse(1, 2, Writing(kCreate, Row("a", 1, 1)), Refusal::kIdReused).request_id = "r";
  ExpectFound("but is none's");
}

TEST_F(SerialCheckTest, HalfABatch) {
  Write(1, 2, kCreate, {Row("a", 1, 1), Row("b", 2, 2)});
  Write(3, 9, kUpdate, {Row("a", 3, 1), Row("b", 4, 2)});
  Read(4, 8, {Row("a", 3, 1), Row("b", 2, 2)});
  ExpectFound("each of these comes before the next");
  history_.back().snapshot = false;  // row by row it may be so
  ExpectNothing();
}

TEST_F(SerialCheckTest, HalfABatchThatWasRefused) {
  Create(1, 2, Row("a", 1, 1));
  auto& batch = Refuse(3, 4, Writing(kUpdate, Row("b", 3, 2)), Refusal::kAbsent);
  batch.writes.push_back(Writing(kUpdate, Row("a", 2, 1)));
  Read(5, 6, {Row("a", 2, 1)});
  ExpectFound("which no write that was done made");
}

TEST_F(SerialCheckTest, HalfABatchWithoutAnAnswer) {
  Write(1, 9, kCreate, {Row("a", 1, 1), Row("b", 2, 2)});
  Lose();
  Read(3, 4, {Row("a", 1, 1)});
  Absent(20, 21, "b");
  ExpectFound("no order explains, of b");
}

TEST_F(SerialCheckTest, TwoBatchesInTwoOrders) {
  Write(1, 2, kCreate, {Row("a", 1, 1), Row("b", 2, 2)});
  Write(3, 9, kUpdate, {Row("a", 3, 1), Row("b", 6, 2)});
  Write(3, 9, kUpdate, {Row("a", 4, 1), Row("b", 5, 2)});
  ExpectFound("each of these comes before the next");
}

TEST_F(SerialCheckTest, ARowThatRises) {
  Create(1, 2, Row("a", 1, 1));
  Delete(3, 4, "a");
  Absent(5, 6, "a");
  Read(7, 8, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, TwoDeletionsOfOneRow) {
  Create(1, 2, Row("a", 1, 1));
  Delete(3, 9, "a");
  Delete(3, 9, "a");
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, ADeletionThatNeedsNoRowMayMeetOne) {
  Absent(1, 2, "a");
  Create(4, 5, Row("a", 1, 1));
  Delete(3, 9, "a").writes[0].allow_missing = true;
  Absent(7, 8, "a");
  ExpectNothing();
  Absent(10, 11, "a");  // when that deletion has returned, too
  ExpectNothing();
  history_[3].invoked = history_[4].invoked = 10;
  history_[3].returned = 11;
  ExpectNothing();
  Create(12, 13, Row("a", 2, 2));
  Absent(14, 15, "a");
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, ARefusalWithoutReason) {
  Create(1, 2, Row("a", 1, 1));
  SerialWrite write = Writing(kUpdate, Row("a", 2, 1));
  write.etag = "e1";
  Refuse(3, 4, write, Refusal::kOtherVersion);
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, WhatIsUnknownMayHaveBeenDoneOrNot) {
  Create(1, 2, Row("a", 1, 1));
  Update(3, 4, Row("a", 2, 1));
  Lose();
  ExpectNothing();
  Read(5, 6, {Row("a", 1, 1)});
  ExpectNothing();
  Read(7, 8, {Row("a", 2, 1)});  // late, but then
  ExpectNothing();
  Read(9, 10, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, WhatNobodySawExplainsARefusal) {
  Create(1, 2, Row("a", 1, 1));
  SerialWrite write = Writing(kUpdate, Row("a", 3, 1));
  write.etag = "e1";
  Update(3, 4, Row("a", 2, 1));
  Lose();
  Refuse(5, 6, write, Refusal::kOtherVersion);
  ExpectNothing();
  Read(7, 8, {Row("a", 1, 1)});
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, AnUnknownCreationAndDeletion) {
  Create(1, 2, Row("a", 1, 1));
  Lose();
  Refuse(3, 4, Writing(kCreate, Row("a", 2, 2)), Refusal::kPresent);
  Delete(5, 6, "a");
  Absent(7, 8, "a");
  ExpectNothing();
  Delete(9, 10, "a");
  ExpectFound("no order explains, of a");
}

TEST_F(SerialCheckTest, AnotherRowsAnswer) {
  Create(1, 2, Row("a", 1, 1)).rows = {Row("b", 2, 2)};
  Create(1, 2, Row("b", 2, 2)).rows = {Row("a", 1, 1)};
  ExpectFound("answers other rows");
}

TEST_F(SerialCheckTest, AParentThatIsNotThere) {
  SerialRow child = Row("a", 1, 1);
  child.parent = "p";
  Create(3, 4, child);
  ExpectFound("no order explains, of p");
}

}  // namespace
}  // namespace dataservice::test
