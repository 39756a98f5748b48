#include "serve/request/json_change.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

std::string Text(const JsonChange& change, std::string_view to) {
  std::string out;
  change.AppendTo(to, out);
  return out;
}

TEST(JsonChange, ObjectsStandBehindThoseAroundThem) {
  JsonChange change;
  change.Replace({"a", "b", "c"});
  change.Replace({"z"});
  change.Replace({"a", "x"});
  EXPECT_EQ(Text(change, "{}"), R"({"to":{},"at":[[[],["z"]],[["a"],["x"]],[["a","b"],["c"]]]})");
}

TEST(JsonChange, WhatIsInsideAnotherPartChangesWithIt) {
  JsonChange change;
  change.Replace({"a", "b"});
  change.Replace({"a"});
  change.MakeObject({"a", "c"});
  change.Replace({"ab"});
  EXPECT_EQ(Text(change, "1"), R"({"to":1,"at":[[[],["a","ab"]]]})");
}

TEST(JsonChange, AnObjectOnlyComesIntoBeing) {
  JsonChange change;
  change.MakeObject({});
  EXPECT_EQ(Text(change, "null"), R"({"to":null,"at":[[[],[]]]})");
  change.MakeObject({"a", "b"});
  EXPECT_EQ(Text(change, "null"), R"({"to":null,"at":[[[],[]],[["a"],[]],[["a","b"],[]]]})");
}

TEST(JsonChange, AnObjectMayHaveToExist) {
  JsonChange change;
  change.Replace({"a", "b"});
  change.RequireObject({"a"});
  EXPECT_EQ(Text(change, "{}"), R"({"to":{},"at":[[[],[]],[["a"],["b"],true]]})");
}

TEST(JsonChange, NamesAreEscaped) {
  JsonChange change;
  change.Replace({"\"\\\n\x01", "é["});
  EXPECT_EQ(Text(change, "{}"), R"({"to":{},"at":[[[],[]],[["\"\\\u000a\u0001"],["é["]]]})");
}

}  // namespace
}  // namespace dataservice
