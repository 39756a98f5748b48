// Changes of parts of stored JSON: the SQL against RFC 7396, and masks that name parts.
#include "serve/sql/json_merge.h"

#include <thread>
#include <vector>

#include "engine_fixture.h"
#include "postgres/text.h"
#include "serve/request/json_change.h"

namespace dataservice::test {
namespace {

using types::v1::Sample;

class JsonMergeTest : public EngineTest {
 protected:
  static std::string Jsonb(const std::string& value) {
    return "(" + (value.empty() ? "NULL" : Literal(value)) + "::jsonb)";
  }

  // Whether `stored` (absent if empty) becomes `want`.
  static void ExpectMerged(const std::string& stored, const std::string& to,
                           const JsonChange& change, const std::string& want) {
    std::string text;
    change.AppendTo(to, text);
    const std::string merged = MergedJson(Jsonb(stored), Jsonb(text));
    EXPECT_EQ(Sql("SELECT " + merged + " = " + Jsonb(want)), "t")
        << stored << " with " << text << ": " << Sql("SELECT " + merged);
  }

  Sample Create(const Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    Sample made;
    const auto status = engine_.Call("SampleService/CreateSample", request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }

  grpc::Status Update(const Sample& row, std::initializer_list<const char*> paths,
                      Sample& changed) {
    types::v1::UpdateSampleRequest request;
    *request.mutable_sample() = row;
    for (const char* path : paths) request.mutable_update_mask()->add_paths(path);
    return engine_.Call("SampleService/UpdateSample", request, changed);
  }
};

JsonChange Replaces(std::initializer_list<JsonChange::Path> paths) {
  JsonChange change;
  for (const auto& path : paths) change.Replace(path);
  return change;
}

// RFC 7396, appendix A, but for those whose patch is no object.
TEST_F(JsonMergeTest, IsAMergePatch) {
  ExpectMerged(R"({"a":"b"})", R"({"a":"c"})", Replaces({{"a"}}), R"({"a":"c"})");
  ExpectMerged(R"({"a":"b"})", R"({"b":"c"})", Replaces({{"b"}}), R"({"a":"b","b":"c"})");
  ExpectMerged(R"({"a":"b"})", "{}", Replaces({{"a"}}), "{}");
  ExpectMerged(R"({"a":"b","b":"c"})", "{}", Replaces({{"a"}}), R"({"b":"c"})");
  ExpectMerged(R"({"a":["b"]})", R"({"a":"c"})", Replaces({{"a"}}), R"({"a":"c"})");
  ExpectMerged(R"({"a":"c"})", R"({"a":["b"]})", Replaces({{"a"}}), R"({"a":["b"]})");
  ExpectMerged(R"({"a":{"b":"c"}})", R"({"a":{"b":"d"}})", Replaces({{"a", "b"}, {"a", "c"}}),
               R"({"a":{"b":"d"}})");
  ExpectMerged(R"({"a":[{"b":"c"}]})", R"({"a":[1]})", Replaces({{"a"}}), R"({"a":[1]})");
  ExpectMerged(R"(["a","b"])", R"({"a":"b"})", Replaces({{"a"}}), R"({"a":"b"})");
  ExpectMerged(R"({"e":null})", R"({"a":1})", Replaces({{"a"}}), R"({"e":null,"a":1})");
  ExpectMerged("[1,2]", R"({"a":"b"})", Replaces({{"a"}, {"c"}}), R"({"a":"b"})");
  ExpectMerged("{}", R"({"a":{"bb":{}}})", Replaces({{"a", "bb", "ccc"}}), R"({"a":{"bb":{}}})");
}

TEST_F(JsonMergeTest, MakesObjectsAndKeepsThem) {
  JsonChange change;
  change.MakeObject({"x"});
  ExpectMerged("", R"({"x":{}})", change, R"({"x":{}})");
  ExpectMerged(R"({"x":5,"y":1})", "null", change, R"({"x":{},"y":1})");
  ExpectMerged(R"({"x":{"y":1}})", R"({"x":{}})", change, R"({"x":{"y":1}})");
  // A path into what the new value has not as an object removes.
  ExpectMerged(R"({"x":{"y":1,"z":2}})", R"({"x":7})", Replaces({{"x", "y"}}), R"({"x":{"z":2}})");
}

TEST_F(JsonMergeTest, AnObjectMayHaveToExist) {
  JsonChange change = Replaces({{"a", "b", "c"}});
  change.RequireObject({"a", "b"});
  const std::string to = R"({"a":{"b":{"c":1}}})";
  ExpectMerged(R"({"a":{"b":{"d":2}}})", to, change, R"({"a":{"b":{"c":1,"d":2}}})");
  std::string text;
  change.AppendTo(to, text);
  for (const char* stored : {"", "{}", "[]", R"({"a":{}})", R"({"a":{"b":5}})"}) {
    EXPECT_EQ(Sql("SELECT " + MergedJson(Jsonb(stored), Jsonb(text)) + " IS NULL"), "t") << stored;
  }
}

// A message that a change of its parts would make has to obey its rules.
TEST_F(JsonMergeTest, NoMessageIsMadeThatBreaksARule) {
  Sample given;
  given.set_id(Create({}).id());
  given.mutable_part()->set_share(1);
  given.mutable_part()->set_name(std::string(31, 'x'));
  (*given.mutable_by_number())[7] = given.part();
  Sample changed;
  for (const char* path : {"part.share", "by_number.7.share"}) {
    const auto status = Update(given, {path}, changed);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << path;
  }
  Sample row;
  row.set_id(given.id());
  row.mutable_part();
  (*row.mutable_by_number())[7];
  ASSERT_TRUE(Update(row, {"part", "by_number"}, changed).ok());
  ASSERT_TRUE(Update(given, {"part.share", "by_number.7.share"}, changed).ok());
  EXPECT_EQ(changed.part().share(), 1);
  EXPECT_EQ(changed.by_number().at(7).share(), 1);
  EXPECT_EQ(changed.by_number().at(7).name(), "");
}

TEST_F(JsonMergeTest, TakesAnyNames) {
  ExpectMerged(R"({"":1,"1":2,"a.b":{"c,":{"\"\\":1,"k":null}}})",
               R"({"1":{"2":{"3":4}},"a.b":{"c,":{"\"\\":[null,{"z":null}],"'":"é"}}})",
               Replaces({{""}, {"1", "2", "3"}, {"a.b", "c,", "\"\\"}, {"a.b", "c,", "'"}}),
               R"({"1":{"2":{"3":4}},"a.b":{"c,":{"\"\\":[null,{"z":null}],"k":null,"'":"é"}}})");
}

TEST_F(JsonMergeTest, EntriesOfMaps) {
  Sample row;
  (*row.mutable_counts())["kept"] = 1;
  (*row.mutable_counts())["a.b"] = 2;
  (*row.mutable_counts())["gone"] = 3;
  (*row.mutable_by_number())[-5].set_name("kept");
  (*row.mutable_by_number())[7].set_name("kept");
  const std::string id = Create(row).id();
  Sample given;
  given.set_id(id);
  (*given.mutable_counts())["a.b"] = 20;
  (*given.mutable_counts())["new"] = 4;
  (*given.mutable_counts())["unnamed"] = 5;
  (*given.mutable_by_number())[-5].set_share(0.5);
  (*given.mutable_by_number())[8].set_share(2);
  Sample changed;
  const auto status = Update(given,
                             {"counts.`a.b`", "counts.new", "counts.gone", "by_number.-5.share",
                              "by_number.8.share", "part.parts"},
                             changed);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(changed.counts().size(), 3U);
  EXPECT_EQ(changed.counts().at("kept"), 1);
  EXPECT_EQ(changed.counts().at("a.b"), 20);
  EXPECT_EQ(changed.counts().at("new"), 4);
  EXPECT_EQ(changed.by_number().size(), 3U);
  EXPECT_EQ(changed.by_number().at(-5).name(), "kept");
  EXPECT_EQ(changed.by_number().at(-5).share(), 0.5);
  EXPECT_EQ(changed.by_number().at(7).name(), "kept");
  EXPECT_EQ(changed.by_number().at(8).share(), 2);
  EXPECT_TRUE(changed.has_part());  // around what was removed
  Sample none;
  none.set_id(id);
  ASSERT_TRUE(Update(none, {"by_number.7", "counts.", "part."}, changed).ok());
  EXPECT_EQ(changed.counts().size(), 3U);
  EXPECT_EQ(changed.by_number().size(), 2U);
  ASSERT_TRUE(Update(none, {"counts", "counts.new", "part"}, changed).ok());  // whole wins
  EXPECT_EQ(changed.counts().size(), 0U);
  EXPECT_FALSE(changed.has_part());
}

// A change of a part is one statement that reads the row as it is then: none is lost.
TEST_F(JsonMergeTest, ChangesOfOneColumnAtATimeAllCount) {
  Sample row;
  row.mutable_part()->set_name("kept");
  const std::string id = Create(row).id();
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  std::vector<std::thread> clients;
  for (int thread = 0; thread < kThreads; ++thread) {
    clients.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) {
        const std::string key = std::to_string(thread) + "_" + std::to_string(round);
        Sample given;
        given.set_id(id);
        (*given.mutable_counts())[key] = round + 1;
        Sample changed;
        const auto status = Update(given, {("counts." + key).c_str()}, changed);
        EXPECT_TRUE(status.ok()) << status.error_message();
        EXPECT_EQ(changed.counts().at(key), round + 1);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample, jsonb_object_keys(counts)"),
            std::to_string(kThreads * kRounds));
}

}  // namespace
}  // namespace dataservice::test
