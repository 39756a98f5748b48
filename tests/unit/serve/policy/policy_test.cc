#include "serve/policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::shared_ptr<const Policy> PolicyOf(const std::string& text) {
  auto policy = Policy::Parse(text, "policy.yaml", ShippedContract());
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *policy : *Policy::Parse("rules: []", "policy.yaml", ShippedContract());
}

// A policy of one rule with that `call`, for every caller with an identity.
std::shared_ptr<const Policy> PolicyFor(const std::string& call) {
  return PolicyOf("rules: [{name: a, who: [{authenticated: true}], call: [\"" + call + "\"]}]");
}

Caller Token(const std::string& subject) {
  return {.kind = CallerKind::kToken, .subject = subject, .issuer = "https://login"};
}

bool Permits(const Policy& policy, const Caller& caller, const std::string& method) {
  return policy.Decide(caller, "/bookstore.v1." + method).ok();
}

std::vector<std::string> NamesOf(const FieldSet& fields) {
  std::vector<std::string> names;
  for (const auto* field : fields) names.push_back(field->name());
  return names;
}

TEST(Policy, DeniesWhatNoRulePermits) {
  const auto policy = PolicyOf("rules: []");
  const auto anonymous = policy->Decide({}, "/bookstore.v1.BookService/GetBook");
  EXPECT_EQ(anonymous.status().code(), absl::StatusCode::kUnauthenticated);
  const auto known = policy->Decide(Token("alice"), "/bookstore.v1.BookService/GetBook");
  EXPECT_EQ(known.status().code(), absl::StatusCode::kPermissionDenied);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(FindDetail(known.status(), info));
  EXPECT_EQ(info.reason(), "CALL_DENIED");
  ASSERT_TRUE(FindDetail(anonymous.status(), info));
  EXPECT_EQ(info.reason(), "IDENTITY_REQUIRED");
}

TEST(Policy, NamesMethodsAndGroupsOfThem) {
  const Caller alice = Token("alice");
  auto policy = PolicyFor("bookstore.v1.BookService/GetBook");
  EXPECT_TRUE(Permits(*policy, alice, "BookService/GetBook"));
  EXPECT_FALSE(Permits(*policy, alice, "BookService/ListBooks"));
  EXPECT_FALSE(Permits(*policy, {}, "BookService/GetBook"));
  policy = PolicyFor("bookstore.v1.BookService/*");
  EXPECT_TRUE(Permits(*policy, alice, "BookService/ImportBooks"));
  EXPECT_FALSE(Permits(*policy, alice, "ReviewService/GetReview"));
  policy = PolicyFor("bookstore.v1.BookService/read");
  for (const char* name : {"GetBook", "ListBooks", "BatchGetBooks", "ExportBooks"}) {
    EXPECT_TRUE(Permits(*policy, alice, std::string("BookService/") + name)) << name;
  }
  for (const char* name : {"CreateBook", "UpdateBook", "UpsertBook", "DeleteBook", "ImportBooks",
                           "BatchCreateBooks", "BatchUpdateBooks", "BatchDeleteBooks"}) {
    EXPECT_FALSE(Permits(*policy, alice, std::string("BookService/") + name)) << name;
    EXPECT_TRUE(Permits(*PolicyFor("write"), alice, std::string("BookService/") + name)) << name;
  }
  EXPECT_FALSE(Permits(*PolicyFor("write"), alice, "ReviewService/GetReview"));
  EXPECT_TRUE(Permits(*PolicyFor("read"), alice, "ReviewService/GetReview"));
  EXPECT_TRUE(Permits(*PolicyFor("*"), alice, "ReviewService/DeleteReview"));
}

TEST(Policy, ReflectionIsAMethodLikeOthers) {
  const std::string path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  EXPECT_FALSE(PolicyFor("*")->Decide(Token("alice"), path).ok());
  EXPECT_TRUE(PolicyFor("reflection")->Decide(Token("alice"), path).ok());
  EXPECT_TRUE(PolicyFor(path.substr(1))->Decide(Token("alice"), path).ok());
}

TEST(Policy, CustomMethodsAreInNoGroup) {
  const auto permits = [](const std::string& call) {
    const auto policy =
        Policy::Parse("rules: [{name: a, who: [{authenticated: true}], call: [" + call + "]}]", "p",
                      TypesContract());
    EXPECT_TRUE(policy.ok()) << policy.status();
    return (*policy)->Decide(Token("alice"), "/types.v1.OrderService/MergeOrders").ok();
  };
  EXPECT_FALSE(permits("read, write, types.v1.OrderService/read, types.v1.OrderService/write"));
  EXPECT_TRUE(permits("types.v1.OrderService/MergeOrders"));
  EXPECT_TRUE(permits("types.v1.OrderService/*"));
}

// Whether a rule with this entry of `who` is for the caller.
bool IsFor(const std::string& who, const Caller& caller) {
  const auto policy = PolicyOf("rules: [{name: a, who: [" + who + "], call: [read]}]");
  return Permits(*policy, caller, "BookService/GetBook");
}

TEST(Policy, MatchesSubjects) {
  EXPECT_TRUE(IsFor("{subject: alice}", Token("alice")));
  EXPECT_FALSE(IsFor("{subject: alice}", Token("alice2")));
  EXPECT_FALSE(IsFor("{subject: alice}", Token("Alice")));
  EXPECT_TRUE(IsFor("{subject: [bob, alice]}", Token("alice")));
  const std::string shop = "{subject: \"spiffe://example.com/shop/*\"}";
  EXPECT_TRUE(IsFor(shop, Token("spiffe://example.com/shop/a/b")));
  EXPECT_FALSE(IsFor(shop, Token("spiffe://example.com/shopping")));
  EXPECT_FALSE(IsFor(shop, Token("x spiffe://example.com/shop/a")));
  EXPECT_FALSE(IsFor("{subject: \"*\"}", {}));
}

TEST(Policy, MatchesKindsAndIssuers) {
  Caller certificate{.kind = CallerKind::kCertificate, .subject = "alice"};
  EXPECT_TRUE(IsFor("{kind: certificate, subject: alice}", certificate));
  EXPECT_FALSE(IsFor("{kind: certificate, subject: alice}", Token("alice")));
  EXPECT_FALSE(IsFor("{kind: token}", certificate));
  EXPECT_TRUE(IsFor("{issuer: \"https://login\"}", Token("alice")));
  EXPECT_FALSE(IsFor("{issuer: \"https://logi\"}", Token("alice")));
  EXPECT_FALSE(IsFor("{issuer: \"https://login\"}", certificate));
}

TEST(Policy, AnonymousAndAuthenticatedAreDisjoint) {
  EXPECT_TRUE(IsFor("{anonymous: true}", {}));
  EXPECT_FALSE(IsFor("{anonymous: true}", Token("alice")));
  EXPECT_FALSE(IsFor("{authenticated: true}", {}));
  EXPECT_TRUE(IsFor("{anonymous: true}, {authenticated: true}", {}));
  EXPECT_TRUE(IsFor("{anonymous: true}, {authenticated: true}", Token("alice")));
}

TEST(Policy, MatchesScopesAndClaims) {
  Caller caller = Token("alice");
  caller.scopes = {"books.read", "books.write"};
  auto& claims = *caller.claims.mutable_fields();
  claims["tenant"].set_string_value("acme");
  claims["level"].set_number_value(3);
  claims["staff"].set_bool_value(true);
  claims["groups"].mutable_list_value()->add_values()->set_string_value("admins");
  claims["groups"].mutable_list_value()->add_values()->set_string_value("authors");
  (*claims["realm_access"].mutable_struct_value()->mutable_fields())["roles"] = claims["groups"];
  EXPECT_TRUE(IsFor("{scopes: [books.write]}", caller));
  EXPECT_FALSE(IsFor("{scopes: [books.write, books.delete]}", caller));
  EXPECT_TRUE(IsFor("{claims: {tenant: acme, level: 3, staff: true}}", caller));
  EXPECT_FALSE(IsFor("{claims: {tenant: acme, level: 4}}", caller));
  EXPECT_FALSE(IsFor("{claims: {level: \"3\"}}", caller));
  EXPECT_FALSE(IsFor("{claims: {absent: x}}", caller));
  EXPECT_TRUE(IsFor("{claims: {groups: authors}}", caller));
  EXPECT_TRUE(IsFor("{claims: {groups: [nobody, admins]}}", caller));
  EXPECT_FALSE(IsFor("{claims: {groups: author}}", caller));
  EXPECT_TRUE(IsFor("{claims: {realm_access: {roles: admins}}}", caller));
  EXPECT_FALSE(IsFor("{claims: {realm_access: {roles: nobody}}}", caller));
}

TEST(Policy, WithholdsFieldsAndWhatIsMadeOfThem) {
  const auto policy = PolicyOf(R"(
rules:
  - name: a
    who: [{authenticated: true}]
    call: ["*"]
    withhold: [bookstore.v1.Review.rate, bookstore.v1.Book.update_time]
    read_only: bookstore.v1.Book.year
)");
  const auto access = policy->Decide(Token("alice"), "/bookstore.v1.BookService/GetBook");
  ASSERT_TRUE(access.ok());
  EXPECT_THAT(NamesOf((*access)->hidden()),
              UnorderedElementsAre("rate", "average_rate", "update_time", "etag"));
  EXPECT_THAT(NamesOf((*access)->read_only()), ElementsAre("year"));
}

TEST(Policy, SeveralRulesGrantWhatAnyOfThemGrants) {
  const auto policy = PolicyOf(R"(
rules:
  - {name: all, who: [{authenticated: true}], call: [read],
     withhold: [bookstore.v1.Book.publisher, bookstore.v1.Book.author]}
  - {name: staff, who: [{subject: alice}], call: [read], withhold: [bookstore.v1.Book.publisher]}
  - {name: auditor, who: [{subject: carol}], call: [bookstore.v1.BookService/read], all_rows: true}
)");
  const auto hidden = [&](const std::string& subject) {
    return NamesOf(
        (*policy->Decide(Token(subject), "/bookstore.v1.BookService/GetBook"))->hidden());
  };
  EXPECT_THAT(hidden("bob"), UnorderedElementsAre("publisher", "author"));
  EXPECT_THAT(hidden("alice"), ElementsAre("publisher"));
  EXPECT_THAT(hidden("carol"), ElementsAre());
  const Contract& contract = ShippedContract();
  for (const auto& method : contract.methods()) {
    const bool reads_books = method->path == "/bookstore.v1.BookService/GetBook";
    if (!reads_books && method->path != "/bookstore.v1.ReviewService/GetReview") continue;
    EXPECT_EQ(policy->SeesAllRows(Token("carol"), *method), reads_books) << method->path;
    EXPECT_FALSE(policy->SeesAllRows(Token("alice"), *method));
  }
  EXPECT_TRUE((*policy->Decide(Token("carol"), "/bookstore.v1.BookService/GetBook"))->all_rows());
}

TEST(Policy, NamesTheRulesThatPermit) {
  const auto policy = PolicyOf(
      "rules:\n"
      "- {name: one, who: [{anonymous: true}], call: [read]}\n"
      "- {name: two, who: [{authenticated: true}], call: [read]}\n");
  const auto rules = policy->RulesFor(Token("alice"), "/bookstore.v1.BookService/GetBook");
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0]->name, "two");
  EXPECT_EQ(rules[0]->line, 3);
}

// The problems of a text.
std::string Problems(const std::string& text) {
  const auto policy = Policy::Parse(text, "p", ShippedContract());
  return policy.ok() ? "" : std::string(policy.status().message());
}

// The problem of a rule, which has a name, with these keys beside it.
std::string RuleProblem(const std::string& keys) {
  return Problems("rules:\n- name: a\n  " + keys + "\n");
}

constexpr char kWho[] = "who: [{authenticated: true}]\n  call: [read]\n  ";

TEST(Policy, ReportsProblemsWithLineAndColumn) {
  EXPECT_THAT(Problems(""), HasSubstr("p:1:1: the file is empty"));
  EXPECT_THAT(Problems("rules: []\n---\nrules: []"), HasSubstr("p:1:1: the file has several"));
  EXPECT_THAT(Problems("rules: [\n"), HasSubstr("p:2:1: "));
  EXPECT_THAT(Problems("rules: \"\xff\""), HasSubstr("UTF-8"));
  EXPECT_THAT(Problems("- rules"), HasSubstr("p:1:1: the policy must be a mapping"));
  EXPECT_THAT(Problems("{}"), HasSubstr("p:1:1: the policy has no \"rules\""));
  EXPECT_THAT(Problems("rules: []\nrule: []"), HasSubstr("p:2:1: unknown key \"rule\""));
  EXPECT_THAT(Problems("rules: []\nrules: []"),
              HasSubstr("p:2:1: the key \"rules\" is given twice"));
  EXPECT_THAT(Problems("rules: {}"), HasSubstr("p:1:8: \"rules\" must be a sequence"));
  EXPECT_THAT(Problems("rules:\n- {}"), HasSubstr("p:2:3: a rule has no \"name\""));
  EXPECT_THAT(Problems("rules:\n- 3"), HasSubstr("p:2:3: a rule must be a mapping"));
}

TEST(Policy, ReportsProblemsOfRules) {
  const std::string who = kWho;
  EXPECT_EQ(RuleProblem(who), "");
  EXPECT_THAT(RuleProblem("call: [read]"), HasSubstr("a rule has no \"who\""));
  EXPECT_THAT(RuleProblem("who: [{anonymous: true}]"), HasSubstr("a rule has no \"call\""));
  EXPECT_THAT(RuleProblem(who + "methods: []"), HasSubstr("p:5:3: unknown key \"methods\""));
  EXPECT_THAT(RuleProblem(who + "call: [write]"),
              HasSubstr("p:5:3: the key \"call\" is given twice"));
  EXPECT_THAT(RuleProblem(who + "all_rows: yes"), HasSubstr("p:5:13: \"all_rows\" must be true"));
  EXPECT_THAT(RuleProblem(who + "all_rows: false"), HasSubstr("must be true"));
  EXPECT_THAT(RuleProblem(who + "all_rows: \"true\""), HasSubstr("must be true"));
  EXPECT_THAT(Problems("rules:\n- {name: a, who: [{anonymous: true}], call: [read]}\n"
                       "- {name: a, who: [{anonymous: true}], call: [read]}"),
              HasSubstr("p:3:10: two rules have the name \"a\""));
  EXPECT_THAT(Problems("rules: [{name: 3, who: [{anonymous: true}], call: [read]}]"),
              HasSubstr("p:1:16: \"name\" must be a text that is not empty; put it in quotes"));
}

TEST(Policy, ReportsARuleOfAllRowsThatWithholdsTheirOwner) {
  const auto problem = [](const std::string& rows) {
    return Policy::Parse(
               "rules:\n- {name: a, who: [{anonymous: true}], call: [read], " + rows + "}", "p",
               OwnedContract())
        .status();
  };
  EXPECT_TRUE(problem("all_rows: true").ok());
  EXPECT_TRUE(problem("withhold: [owned.v1.Folder.owner]").ok());
  EXPECT_THAT(problem("all_rows: true, withhold: [owned.v1.Folder.owner]").message(),
              HasSubstr("p:2:3: a rule with all_rows cannot withhold owned.v1.Folder.owner"));
}

TEST(Policy, ReportsProblemsOfCallers) {
  const auto problem = [](const std::string& who) {
    return RuleProblem("call: [read]\n  who: " + who);
  };
  EXPECT_THAT(problem("[]"), HasSubstr("p:4:8: \"who\" must not be empty"));
  EXPECT_THAT(problem("everybody"), HasSubstr("p:4:8: \"who\" must be a sequence"));
  EXPECT_THAT(problem("[everybody]"), HasSubstr("p:4:9: an entry of \"who\" must be a mapping"));
  EXPECT_THAT(problem("[{}]"), HasSubstr("must not be empty"));
  EXPECT_THAT(problem("[{user: alice}]"), HasSubstr("p:4:10: unknown key \"user\""));
  EXPECT_THAT(problem("[{anonymous: true, subject: a}]"), HasSubstr("\"anonymous\" stands alone"));
  EXPECT_THAT(problem("[{subject: 12}]"), HasSubstr("p:4:19: \"subject\" must be a text"));
  EXPECT_THAT(problem("[{subject: }]"), HasSubstr("\"subject\" must be a text"));
  EXPECT_THAT(problem("[{subject: \"a*b\"}]"), HasSubstr("* can only be the last character"));
  EXPECT_THAT(problem("[{subject: []}]"), HasSubstr("must not be empty"));
  EXPECT_THAT(problem("[{kind: robot}]"), HasSubstr("must be certificate or token"));
  EXPECT_THAT(problem("[{claims: admin}]"), HasSubstr("claims must be a mapping"));
  EXPECT_THAT(problem("[{claims: {a: null}}]"), HasSubstr("p:4:22: the value of a claim"));
  EXPECT_THAT(problem("[{claims: {a: 1, a: 2}}]"), HasSubstr("the claim \"a\" is given twice"));
  EXPECT_THAT(problem("[{claims: &c {a: *c}}]"), testing::Not(""));
}

TEST(Policy, ReportsProblemsOfMethodsAndFields) {
  const auto call = [](const std::string& name) {
    return RuleProblem("who: [{anonymous: true}]\n  call: [\"" + name + "\"]");
  };
  EXPECT_THAT(call("bookstore.v1.BookService/DelBook"),
              HasSubstr("p:4:10: the contract has no method \"bookstore.v1.BookService/DelBook\""));
  EXPECT_THAT(call("bookstore.v1.Books/*"), HasSubstr("the contract has no service"));
  EXPECT_THAT(call("GetBook"), HasSubstr("is no method"));
  EXPECT_THAT(call("bookstore.v1.BookService/Get*"), HasSubstr("the contract has no method"));
  EXPECT_THAT(call("/bookstore.v1.BookService/GetBook"), HasSubstr("no method"));
  EXPECT_THAT(call("grpc.health.v1.Health/Check"), HasSubstr("open to every caller"));
  const auto fields = [](const std::string& key, const std::string& name) {
    return RuleProblem(kWho + key + ": [" + name + "]");
  };
  EXPECT_THAT(fields("withhold", "bookstore.v1.Book.isbn"),
              HasSubstr("p:5:14: bookstore.v1.Book has no field \"isbn\""));
  EXPECT_THAT(fields("withhold", "bookstore.v1.Books.title"),
              HasSubstr("is no field of a resource"));
  EXPECT_THAT(fields("withhold", "title"), HasSubstr("is no field of a resource"));
  EXPECT_THAT(fields("withhold", "bookstore.v1.Book.id"), HasSubstr("is the key"));
  EXPECT_THAT(fields("read_only", "bookstore.v1.Book.id"), HasSubstr("is the key"));
  EXPECT_THAT(fields("read_only", "bookstore.v1.Book.etag"), HasSubstr("written by no request"));
  EXPECT_THAT(fields("read_only", "bookstore.v1.Book.create_time"), HasSubstr("by no request"));
  EXPECT_THAT(fields("withhold", "bookstore.v1.Book.title, bookstore.v1.Book.title"),
              HasSubstr("is named twice"));
}

TEST(Policy, ReportsAllProblemsAtOnce) {
  const std::string problems = Problems(
      "rules:\n- {name: a, who: [], call: [x]}\n- {name: b, who: [{y: 1}], call: [read], z: 1}\n");
  EXPECT_THAT(problems, HasSubstr("p:2:18: "));
  EXPECT_THAT(problems, HasSubstr("p:2:29: "));
  EXPECT_THAT(problems, HasSubstr("p:3:20: "));
  EXPECT_THAT(problems, HasSubstr("p:3:42: "));
}

}  // namespace
}  // namespace dataservice::test
