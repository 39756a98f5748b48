// Settings of the database, of the role and of a pooler's other clients change no answer.
#include <google/protobuf/util/message_differencer.h>

#include <cmath>
#include <functional>
#include <limits>
#include <pqxx/pqxx>
#include <set>

#include "claims_fixture.h"

namespace dataservice::test {
namespace {

using google::protobuf::util::MessageDifferencer;
using types::v1::Sample;

struct Setting {
  const char* name;
  const char* value;
};

constexpr Setting kSettings[] = {
    {"extra_float_digits", "0"},
    {"extra_float_digits", "-15"},
    {"bytea_output", "escape"},
    {"array_nulls", "off"},
    {"datestyle", "'German, DMY'"},
    {"datestyle", "'SQL, YMD'"},
    {"intervalstyle", "sql_standard"},
    {"intervalstyle", "iso_8601"},
    {"timezone", "'Asia/Kolkata'"},
    {"timezone", "'America/St_Johns'"},
    {"standard_conforming_strings", "off"},
    {"backslash_quote", "off"},
    {"client_encoding", "LATIN1"},
    {"quote_all_identifiers", "on"},
    {"transform_null_equals", "on"},
    {"xmloption", "document"},
    {"search_path", "''"},
    {"default_transaction_isolation", "'repeatable read'"},
};

// A value of every type that a setting could change.
Sample Full() {
  Sample s;
  s.set_real(0.1F);
  s.set_precise(std::nextafter(0.1, 1));
  s.set_opt_real(std::numeric_limits<float>::denorm_min());
  s.set_opt_precise(-std::numeric_limits<double>::infinity());
  s.mutable_wrapped_double()->set_value(1e300 / 3);
  for (const double weight : {0.1, 1.0 / 3, -0.0, 5e-324}) s.add_weights(weight);
  s.set_text("~ \\ ' \" \xC3\xA9 \xF0\x9F\x93\x9A");
  s.set_opt_text("NULL");
  s.set_note("~");
  s.mutable_wrapped_text()->set_value("~~x");
  s.set_data(std::string("\0\\\xff'x", 5));
  s.set_opt_data("\\x41");
  s.mutable_wrapped_data()->set_value("\\134");
  s.add_blobs(std::string("\0\\\"\xff", 4));
  s.add_blobs("");
  s.add_labels("NULL");
  s.add_labels("");
  s.set_opt_i32(-1);
  s.set_opt_u64(std::numeric_limits<uint64_t>::max());
  s.add_flags(true);
  s.add_bigs(std::numeric_limits<uint64_t>::max());
  s.mutable_taken_time()->set_seconds(-62135596799);
  s.mutable_taken_time()->set_nanos(123456000);
  s.mutable_effort()->set_seconds(-315575999999);
  s.mutable_effort()->set_nanos(-999999000);
  s.mutable_due_date()->set_year(2026);
  s.mutable_due_date()->set_month(2);
  s.mutable_due_date()->set_day(1);
  s.mutable_part()->set_share(0.1);
  s.mutable_part()->mutable_seen_time()->set_seconds(7);
  s.mutable_price()->set_currency_code("EUR");
  s.mutable_price()->set_units(-9007199254740993);
  (*s.mutable_counts())["\\"] = 1;
  return s;
}

class SettingsTest : public ClaimsTest, public testing::WithParamInterface<Setting> {
 protected:
  using Before = std::function<void()>;

  void TearDown() override {
    Sql("ALTER DATABASE " + Database() + " RESET ALL");
    AsApp({"ALTER ROLE CURRENT_USER RESET ALL"});
  }

  static std::string Database() { return Sql("SELECT quote_ident(current_database())"); }
  static void AsApp(const std::vector<std::string>& statements) {
    pqxx::connection connection(AppDatabase());
    pqxx::nontransaction work(connection);
    for (const std::string& statement : statements) work.exec(statement);
  }
  // Connections that a pooler keeps have the settings of when they were made.
  static void EndConnections() {
    try {
      AsApp(
          {"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user "
           "AND pid <> pg_backend_pid()",
           "SELECT pg_terminate_backend(pg_backend_pid())"});
    } catch (const std::exception&) {  // the last one is its own
    }
  }

  static void ExpectSame(const Sample& expected, Sample answer, const char* what) {
    answer.clear_id();
    answer.clear_create_time();
    answer.clear_update_time();
    answer.clear_etag();
    std::string report;
    MessageDifferencer differ;
    differ.set_message_field_comparison(MessageDifferencer::EQUAL);
    differ.ReportDifferencesToString(&report);
    EXPECT_TRUE(differ.Compare(expected, answer)) << what << "\n" << report;
  }

  // Every method writes and reads what was meant, `before` before each call.
  static void ExpectRoundTrips(Engine& engine, const Before& before) {
    Sql("TRUNCATE types.sample, types.request_claim");
    const auto call = [&](const char* method, const auto& request, auto& response) {
      before();
      const auto status = engine.Call(method, request, response);
      EXPECT_TRUE(status.ok()) << method << ": " << status.error_message();
    };
    types::v1::CreateSampleRequest create;
    *create.mutable_sample() = Full();
    create.set_request_id("once");
    Sample made;
    call("SampleService/CreateSample", create, made);
    ExpectSame(Full(), made, "create");
    Sample repeated;
    call("SampleService/CreateSample", create, repeated);
    EXPECT_EQ(Deterministic(repeated), Deterministic(made));
    types::v1::GetSampleRequest get;
    get.set_id(made.id());
    Sample got;
    call("SampleService/GetSample", get, got);
    EXPECT_EQ(Deterministic(got), Deterministic(made));
    // Absent values stay absent, and come and go.
    create.mutable_sample()->Clear();
    create.set_request_id("");
    Sample empty;
    call("SampleService/CreateSample", create, empty);
    ExpectSame(Sample(), empty, "empty");
    types::v1::UpdateSampleRequest update;
    *update.mutable_sample() = Full();
    update.mutable_sample()->set_id(empty.id());
    update.mutable_sample()->set_etag(empty.etag());
    update.mutable_update_mask()->add_paths("*");
    Sample changed;
    call("SampleService/UpdateSample", update, changed);
    ExpectSame(Full(), changed, "update");
    update.mutable_sample()->Clear();
    update.mutable_sample()->set_id(empty.id());
    call("SampleService/UpdateSample", update, changed);
    ExpectSame(Sample(), changed, "update to nothing");
    update.mutable_update_mask()->Clear();
    update.mutable_update_mask()->add_paths("part.seen_time");
    call("SampleService/UpdateSample", update, changed);
    types::v1::UpsertSampleRequest upsert;
    *upsert.mutable_sample() = Full();
    upsert.mutable_sample()->set_id(empty.id());
    call("SampleService/UpsertSample", upsert, changed);
    ExpectSame(Full(), changed, "upsert");
    ExpectPagesEnd(engine, before);
  }

  // Lists in the order of values that differ in the last digit have each row once.
  static void ExpectPagesEnd(Engine& engine, const Before& before) {
    Sql("TRUNCATE types.sample");
    Sql("INSERT INTO types.sample (id, precise, opt_real, effort) "
        "SELECT gen_random_uuid(), 0.1::float8 + i * 1.3877787807814457e-17::float8, "
        "0.1::float4 + i * 7.450581e-09::float4, i * interval '1 microsecond' "
        "FROM generate_series(1, 12) AS i");
    for (const char* order :
         {"precise", "precise desc", "opt_real", "effort desc", "update_time"}) {
      types::v1::ListSamplesRequest list;
      list.set_page_size(5);
      list.set_order_by(order);
      std::set<std::string> seen;
      for (int pages = 0; pages < 4; ++pages) {
        before();
        types::v1::ListSamplesResponse page;
        const auto status = engine.Call("SampleService/ListSamples", list, page);
        ASSERT_TRUE(status.ok()) << order << ": " << status.error_message();
        for (const Sample& sample : page.samples()) {
          EXPECT_TRUE(seen.insert(sample.id()).second) << order;
        }
        list.set_page_token(page.next_page_token());
        if (!page.has_next_page_token()) break;
      }
      EXPECT_EQ(seen.size(), 12U) << order;
      EXPECT_EQ(list.page_token(), "") << order;
    }
  }
};

TEST_P(SettingsTest, OfTheRole) {
  AsApp({std::string("ALTER ROLE CURRENT_USER SET ") + GetParam().name + " = " + GetParam().value});
  EndConnections();
  Engine engine;
  ExpectRoundTrips(engine, [] {});
}

TEST_P(SettingsTest, OfTheDatabase) {
  ASSERT_EQ(
      Sql("ALTER DATABASE " + Database() + " SET " + GetParam().name + " = " + GetParam().value),
      "");
  EndConnections();
  Engine engine;
  ExpectRoundTrips(engine, [] {});
}

// Through a pooler it leaves the setting on the connection that the server gets next.
TEST_P(SettingsTest, OfAnotherClient) {
  Engine engine(ExecutionSettings{.workers = 1});
  ExpectRoundTrips(engine, [] {
    AsApp({std::string("/* another client */ SET ") + GetParam().name + " = " + GetParam().value});
  });
  EndConnections();
}

INSTANTIATE_TEST_SUITE_P(All, SettingsTest, testing::ValuesIn(kSettings), [](const auto& info) {
  return std::string(info.param.name) + "_" + std::to_string(info.index);
});

}  // namespace
}  // namespace dataservice::test
