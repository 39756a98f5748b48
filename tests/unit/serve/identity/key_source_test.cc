// Keys from a file that is replaced, and from a server that rotates them, fails and goes away.
#include "serve/identity/key_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serve/identity/http_server.h"
#include "serve/identity/signing_key.h"

namespace dataservice::test {
namespace {

constexpr std::chrono::milliseconds kPause{20};

// Waits at most 10 s.
bool Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string SetOf(const std::string& kid) { return JwkSet({SigningKey::Ed25519().Jwk(kid)}); }

bool Knows(const KeySource& source, const std::string& kid) {
  const auto keys = source.Current();
  return keys != nullptr && keys->Knows(kid);
}

class KeyUrlTest : public testing::Test {
 protected:
  std::unique_ptr<KeySource> Open(std::chrono::milliseconds refresh) {
    return *OpenKeySource({.jwks = server_.url(), .jwks_refresh = refresh}, kPause);
  }
  // Waits until the server has been asked twice more, so that one response was used.
  bool AskedAgain() {
    const int before = server_.requests();
    return Eventually([&] { return server_.requests() >= before + 2; });
  }

  HttpServer server_;
};

TEST_F(KeyUrlTest, KeysAreFetchedAgainAndRotated) {
  server_.Respond("200 OK", SetOf("a"));
  const auto source = Open(std::chrono::milliseconds(50));
  ASSERT_TRUE(Eventually([&] { return Knows(*source, "a"); }));
  server_.Respond("200 OK", SetOf("b"));
  EXPECT_TRUE(Eventually([&] { return Knows(*source, "b"); }));
  EXPECT_FALSE(Knows(*source, "a"));
}

TEST_F(KeyUrlTest, AStaleSetServesWhileTheUrlIsAway) {
  server_.Respond("200 OK", SetOf("a"));
  const auto source = Open(std::chrono::milliseconds(50));
  ASSERT_TRUE(Eventually([&] { return Knows(*source, "a"); }));
  server_.SetAway(true);
  ASSERT_TRUE(AskedAgain());
  EXPECT_TRUE(Knows(*source, "a"));
  server_.Respond("200 OK", SetOf("b"));
  server_.SetAway(false);
  EXPECT_TRUE(Eventually([&] { return Knows(*source, "b"); }));
}

TEST_F(KeyUrlTest, ResponsesThatAreNoSetChangeNothing) {
  server_.Respond("200 OK", SetOf("a"));
  const auto source = Open(std::chrono::milliseconds(50));
  ASSERT_TRUE(Eventually([&] { return Knows(*source, "a"); }));
  for (const auto& [status, body] : std::vector<std::pair<std::string, std::string>>{
           {"200 OK", "<html>"},
           {"200 OK", "{\"keys\":[]}"},
           {"500 Error", SetOf("b")},
           {"302 Found", SetOf("b")},
           {"200 OK", SetOf("b") + std::string(300 * 1024, ' ')}}) {
    server_.Respond(status, body);
    ASSERT_TRUE(AskedAgain());
    EXPECT_TRUE(Knows(*source, "a")) << status;
    EXPECT_FALSE(Knows(*source, "b")) << status;
  }
}

TEST_F(KeyUrlTest, AServerThatIsAwayAtTheStartIsAskedUntilItIsThere) {
  server_.SetAway(true);
  server_.Respond("200 OK", SetOf("a"));
  const auto source = Open(std::chrono::hours(1));
  ASSERT_TRUE(AskedAgain());
  EXPECT_EQ(source->Current(), nullptr);
  server_.SetAway(false);
  EXPECT_TRUE(Eventually([&] { return Knows(*source, "a"); }));
}

TEST_F(KeyUrlTest, AnUnknownKeyFetchesEarlierButNotWithoutPause) {
  server_.Respond("200 OK", SetOf("a"));
  const auto source = *OpenKeySource({.jwks = server_.url(), .jwks_refresh = std::chrono::hours(1)},
                                     std::chrono::milliseconds(300));
  ASSERT_TRUE(Eventually([&] { return Knows(*source, "a"); }));
  server_.Respond("200 OK", SetOf("b"));
  const absl::Time begin = absl::Now();
  ASSERT_TRUE(Eventually([&] {
    source->Refresh();  // as a flood of tokens with unknown keys would
    return absl::Now() - begin > absl::Seconds(1);
  }));
  EXPECT_TRUE(Knows(*source, "b"));
  EXPECT_LE(server_.requests(), 5);
}

TEST(KeyFile, IsReadAgainWhenItChanges) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/jwks-", absl::ToUnixNanos(absl::Now()));
  const auto write = [&](const std::string& text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  };
  write("{}");
  EXPECT_FALSE(OpenKeySource({.jwks = path}).ok());
  write(SetOf("a"));
  const auto source = OpenKeySource({.jwks = path});
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(Knows(**source, "a"));
  write("broken");
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_TRUE(Knows(**source, "a"));
  write(SetOf("b"));
  EXPECT_TRUE(Eventually([&] { return Knows(**source, "b"); }));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace dataservice::test
