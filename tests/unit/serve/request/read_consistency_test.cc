#include "serve/request/read_consistency.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace dataservice::test {
namespace {

class Metadata final : public RequestMetadata {
 public:
  explicit Metadata(std::multimap<std::string, std::string> values) : values_(std::move(values)) {}

  std::optional<std::string_view> Find(std::string_view name) const override {
    const auto found = values_.find(std::string(name));
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }
  bool HasSeveral(std::string_view name) const override {
    return values_.count(std::string(name)) > 1;
  }
  AuthorizationValues Authorization() const override { return {}; }
  Peer ClientOfConnection() const override { return {}; }

 private:
  const std::multimap<std::string, std::string> values_;
};

TEST(ReadConsistency, IsThatOfTheMetadata) {
  const auto bound_of = [](std::multimap<std::string, std::string> values, auto check) {
    const Metadata metadata(std::move(values));
    RequestContext context;
    context.metadata = &metadata;
    check(ReadBoundOf(context));
  };
  bound_of({{"read-consistency", "eventual"}, {"consistency-token", "t"}}, [](auto bound) {
    ASSERT_TRUE(bound);
    EXPECT_FALSE(bound->max_staleness);
    EXPECT_EQ(bound->token, "t");
  });
  bound_of({{"read-consistency", " eventual ; max-staleness=1.5s "}}, [](auto bound) {
    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->max_staleness, std::chrono::milliseconds(1500));
    EXPECT_EQ(bound->token, "");
  });
}

TEST(ReadConsistency, IsTheWritersIfItCannotBeRead) {
  EXPECT_FALSE(ReadBoundOf(RequestContext()));
  for (const char* value : {"", "strong", "eventually", "eventual;", "eventual; max-staleness=",
                            "eventual; max-staleness=5", "eventual; max-staleness=-1s",
                            "eventual; x=1s", "eventual; max-staleness=1s; y"}) {
    const Metadata metadata(std::multimap<std::string, std::string>{{"read-consistency", value}});
    RequestContext context;
    context.metadata = &metadata;
    EXPECT_FALSE(ReadBoundOf(context)) << value;
  }
}

TEST(ReadConsistency, IsTheWritersIfThereAreSeveralValues) {
  for (const auto& twice : {std::pair("read-consistency", "eventual; max-staleness=1ms"),
                            std::pair("consistency-token", "t-2")}) {
    const Metadata metadata(
        {{"read-consistency", "eventual"}, {"consistency-token", "t-1"}, twice});
    RequestContext context;
    context.metadata = &metadata;
    EXPECT_FALSE(ReadBoundOf(context)) << twice.first;
  }
}

}  // namespace
}  // namespace dataservice::test
