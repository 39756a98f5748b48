#include "serve/request/owner.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "owned/v1/owned.pb.h"

namespace dataservice::test {
namespace {

std::string Source(const std::string& claim, const std::string& more = "") {
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

TEST(OwnerOf, ACertificateIsNotTheUserOfThatName) {
  const InlineContract contract(Source("sub"));
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf(Token("alice"))), "alice");
  Caller service = Token("spiffe://a/b");
  service.kind = CallerKind::kCertificate;
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf(service)), "certificate:spiffe://a/b");
  EXPECT_EQ(
      OwnerOf(contract.resource(), ContextOf(Token("certificate:spiffe://a/b"))).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST(OwnerOf, NobodyIsUnauthenticated) {
  const InlineContract contract(Source("sub"));
  const auto owner = OwnerOf(contract.resource(), ContextOf({}));
  EXPECT_EQ(owner.status().code(), absl::StatusCode::kUnauthenticated);
}

TEST(OwnerOf, AClaimOfTheToken) {
  const InlineContract contract(Source("tenant"));
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
  const InlineContract contract(Source("sub", ", (buf.validate.field).string.uuid = true"));
  const Resource& thing = contract.resource();
  EXPECT_EQ(*OwnerOf(thing, ContextOf(Token("0190C3AF-0000-7000-8000-00000000000A"))),
            "0190c3af-0000-7000-8000-00000000000a");
  EXPECT_EQ(OwnerOf(thing, ContextOf(Token("alice"))).status().code(),
            absl::StatusCode::kPermissionDenied);
}

RequestContext OfAllRows(Caller caller) {
  RequestContext context = ContextOf(std::move(caller));
  context.access = std::make_shared<const Access>(
      true, FieldSet(), FieldSet(), std::vector<const google::protobuf::Descriptor*>());
  return context;
}

TEST(ReadOwnerOf, ACallerThatReadsAllRows) {
  const InlineContract contract(Source("sub"));
  const Resource& thing = contract.resource();
  EXPECT_TRUE(ReadsOwnRows(thing, ContextOf(Token("alice"))));
  EXPECT_EQ(*ReadOwnerOf(thing, ContextOf(Token("alice"))), "alice");
  EXPECT_FALSE(ReadsOwnRows(thing, OfAllRows(Token("alice"))));
  EXPECT_EQ(*ReadOwnerOf(thing, OfAllRows(Token("alice"))), "");
}

TEST(WriteOwnerOf, ACallerThatWritesAllRowsNamesTheirOwner) {
  const Contract& contract = OwnedContract();
  const Resource& folder = *contract.FindResource(owned::v1::Folder::descriptor());
  owned::v1::CreateFolderRequest request;
  const auto& body = *request.GetDescriptor()->FindFieldByName("folder");
  request.mutable_folder()->set_owner("bob");
  EXPECT_EQ(*WriteOwnerOf(request, body, folder, ContextOf(Token("alice"))), "alice");
  EXPECT_EQ(*WriteOwnerOf(request, body, folder, OfAllRows(Token("alice"))), "bob");
  EXPECT_EQ(*WriteOwnerOf(request, body, folder, OfAllRows({})), "bob");
  request.mutable_folder()->set_owner(std::string(513, 'x'));
  EXPECT_EQ(WriteOwnerOf(request, body, folder, OfAllRows(Token("alice"))).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.mutable_folder()->clear_owner();
  EXPECT_EQ(*WriteOwnerOf(request, body, folder, OfAllRows(Token("alice"))), "alice");
  EXPECT_EQ(WriteOwnerOf(request, body, folder, OfAllRows({})).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST(OwnerOf, AResourceWithoutOne) {
  const InlineContract contract(
      "message Thing { option (storage.v1.table) = {};"
      "string id = 1 [(google.api.field_behavior) = IDENTIFIER]; }");
  EXPECT_EQ(*OwnerOf(contract.resource(), ContextOf({})), "");
}

}  // namespace
}  // namespace dataservice::test
