#include "serve/request/unverified_caller.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

std::string Bearer(const std::string& payload, const std::string& signature = "c2lnbmVk") {
  return absl::StrCat("Bearer ", absl::WebSafeBase64Escape(R"({"alg":"ES256"})"), ".",
                      absl::WebSafeBase64Escape(payload), ".", signature);
}

TEST(UnverifiedCaller, ARenewedTokenIsTheSameCaller) {
  const std::string caller = UnverifiedCaller(Bearer(R"({"iss":"https://id","sub":"7","exp":1})"));
  EXPECT_EQ(
      UnverifiedCaller(Bearer(R"({"sub":"7","iss":"https://id","exp":2,"aud":["a"]})", "b3RoZXI")),
      caller);
  std::string lower = Bearer(R"({"iss":"https://id","sub":"7"})");
  lower.replace(0, 6, "bearer");
  EXPECT_EQ(UnverifiedCaller(lower), caller);
}

TEST(UnverifiedCaller, AnotherSubjectOrIssuerIsAnother) {
  const std::string caller = UnverifiedCaller(Bearer(R"({"iss":"a","sub":"b"})"));
  EXPECT_NE(UnverifiedCaller(Bearer(R"({"iss":"a","sub":"c"})")), caller);
  EXPECT_NE(UnverifiedCaller(Bearer(R"({"iss":"c","sub":"b"})")), caller);
  EXPECT_NE(UnverifiedCaller(Bearer(R"({"iss":"a subject=b","sub":"c"})")),
            UnverifiedCaller(Bearer(R"({"iss":"a","sub":"b subject=c"})")));
  // A value that says what a token's text would be.
  EXPECT_NE(UnverifiedCaller(caller), caller);
}

TEST(UnverifiedCaller, WhateverIsNoTokenIsItself) {
  const std::string whole = Bearer(R"({"iss":"a","sub":"b"})");
  for (const std::string& value :
       {std::string(), std::string("Basic YTpi"), std::string("Bearer opaque"),
        std::string("Bearer a.b.c"), std::string("Bearer ..") + whole.substr(7),
        "Digest " + whole.substr(7), whole + ".more", Bearer(R"({"iss":"a"})"),
        Bearer(R"({"sub":"b"})"), Bearer(R"({"iss":"","sub":"b"})"),
        Bearer(R"({"iss":["a"],"sub":"b"})"), Bearer(R"({"iss":"a","sub":7})"), Bearer("[]"),
        Bearer("\"a\""), Bearer(""), Bearer("{\"iss\":\"a\",\"sub\":\"\xff\"}"),
        Bearer(std::string(5000, '[')), Bearer(R"({"iss":"a","sub":"b"} more)")}) {
    EXPECT_EQ(UnverifiedCaller(value), "authorization=" + value);
  }
}

}  // namespace
}  // namespace dataservice
