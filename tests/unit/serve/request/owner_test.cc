#include "serve/request/owner.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

std::string Contract(const std::string& claim, const std::string& more = "") {
  return "message Thing { option (storage.v1.table) = {};"
         "string id = 1 [(google.api.field_behavior) = IDENTIFIER];"
         "string owner = 2 [(google.api.field_behavior) = OUTPUT_ONLY, "
         "(storage.v1.column).owner = {claim: '" +
         claim + "'}" + more + "]; }";
}

RequestContext ContextOf(Caller caller) {
  return {.deadline = {}, .caller = std::make_shared<const Caller>(std::move(caller))};
}

Caller Token(const std::string& subject) {
  Caller caller;
  caller.kind = CallerKind::kToken;
  caller.subject = subject;
  return caller;
}

Caller WithClaim(const std::string& name, const google::protobuf::Value& value) {
  Caller caller = Token("alice");
  (*caller.claims.mutable_fields())[name] = value;
  return caller;
}

google::protobuf::Value Text(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  return value;
}

TEST(OwnerOf, TheSubjectHoweverItWasVerified) {
  const InlineContract contract(Contract("sub"));
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf(Token("alice"))), "alice");
  Caller service = Token("spiffe://a/b");
  service.kind = CallerKind::kCertificate;
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf(service)), "spiffe://a/b");
}

TEST(OwnerOf, NobodyIsUnauthenticated) {
  const InlineContract contract(Contract("sub"));
  const auto owner = OwnerOf(contract.resource(), ContextOf({}));
  EXPECT_EQ(owner.status().code(), absl::StatusCode::kUnauthenticated);
}

TEST(OwnerOf, AClaimOfTheToken) {
  const InlineContract contract(Contract("tenant"));
  const Resource& thing = contract.resource();
  EXPECT_EQ(*OwnerOf(thing, ContextOf(WithClaim("tenant", Text("acme")))), "acme");
  google::protobuf::Value number;
  number.set_number_value(1);
  for (const Caller& caller :
       {Token("alice"), WithClaim("tenant", Text("")), WithClaim("tenant", number),
        WithClaim("tenant", Text(std::string("a\0b", 3))),
        WithClaim("tenant", Text(std::string(513, 'x'))), WithClaim("Tenant", Text("acme"))}) {
    EXPECT_EQ(OwnerOf(thing, ContextOf(caller)).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
}

TEST(OwnerOf, AUuidHasOneForm) {
  const InlineContract contract(Contract("sub", ", (buf.validate.field).string.uuid = true"));
  const Resource& thing = contract.resource();
  EXPECT_EQ(*OwnerOf(thing, ContextOf(Token("0190C3AF-0000-7000-8000-00000000000A"))),
            "0190c3af-0000-7000-8000-00000000000a");
  EXPECT_EQ(OwnerOf(thing, ContextOf(Token("alice"))).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(OwnerOf, AResourceWithoutOne) {
  const InlineContract contract(
      "message Thing { option (storage.v1.table) = {};"
      "string id = 1 [(google.api.field_behavior) = IDENTIFIER]; }");
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf({})), "");
}

}  // namespace
}  // namespace dataservice::test
