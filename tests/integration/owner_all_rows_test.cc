// Callers whom the policy lets read and write the rows of all owners (all_rows).
#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>

#include <fstream>

#include "owner_model.h"
#include "temp_folder.h"

namespace dataservice::test {
namespace {

using namespace owned::v1;
using grpc::StatusCode;

constexpr char kPolicy[] = R"(
rules:
  - name: callers
    who: [{authenticated: true}]
    call: [read, write]
  - name: auditor
    who: [{subject: auditor}]
    call: [read]
    all_rows: true
  - name: job
    who: [{subject: job}]
    call: [read, write]
    all_rows: true
)";

class OwnerAllRowsTest : public OwnedTest {
 protected:
  OwnerAllRowsTest() : contract_(*Contract::BuildFromGeneratedPool("owned/v1/owned.proto")) {
    std::ofstream(folder_ / "policy.yaml") << kPolicy;
    auto policy = PolicyFile::Open(folder_ / "policy.yaml", *contract_, absl::Seconds(60));
    EXPECT_TRUE(policy.ok()) << policy.status();
    policy_ = *std::move(policy);
    engine_ = std::make_unique<Engine>(
        ExecutionSettings(), RpcSettings(), AppDatabase(), "owned/v1/owned.proto",
        Guards{.authenticator = &authenticator_, .policy = policy_.get()});
  }

  template <typename Request, typename Response>
  grpc::StatusCode CallAs(const std::string& name, const std::string& method,
                          const Request& request, Response& response) {
    return engine_
        ->Call("/owned.v1.FolderService/" + method, request, response, 10000,
               {{"authorization", name}})
        .error_code();
  }
  grpc::StatusCode Create(const std::string& name, const std::string& code,
                          const std::string& owner = "") {
    CreateFolderRequest request;
    request.mutable_folder()->set_code(code);
    request.mutable_folder()->set_owner(owner);
    Folder folder;
    return CallAs(name, "CreateFolder", request, folder);
  }
  grpc::StatusCode Get(const std::string& name, const std::string& code, Folder& folder) {
    GetFolderRequest request;
    request.set_code(code);
    return CallAs(name, "GetFolder", request, folder);
  }
  // All pages, "owner/code owner/code ...".
  std::string List(const std::string& name, ListFoldersRequest request) {
    std::string out;
    do {
      ListFoldersResponse page;
      EXPECT_EQ(CallAs(name, "ListFolders", request, page), StatusCode::OK);
      for (const Folder& folder : page.folders()) {
        out += (out.empty() ? "" : " ") + folder.owner() + "/" + folder.code();
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return out;
  }

  NameIsSubject authenticator_;
  const TempFolder folder_;
  std::unique_ptr<Contract> contract_;
  std::unique_ptr<PolicyFile> policy_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(OwnerAllRowsTest, ReadsThoseOfAllOwners) {
  for (const char* name : {"alice", "bob"}) {
    for (const char* code : {"both", "c1"}) ASSERT_EQ(Create(name, code), StatusCode::OK);
  }
  ASSERT_EQ(Create("bob", "only"), StatusCode::OK);
  ListFoldersRequest list;
  list.set_page_size(2);
  EXPECT_EQ(List("auditor", list), "alice/both alice/c1 bob/both bob/c1 bob/only");
  list.set_order_by("code desc");
  EXPECT_EQ(List("auditor", list), "bob/only alice/c1 bob/c1 alice/both bob/both");
  list.set_filter("owner = \"bob\" AND code = \"both\"");
  EXPECT_EQ(List("auditor", list), "bob/both");
  EXPECT_EQ(List("alice", list), "");
  Folder folder;
  ASSERT_EQ(Get("auditor", "only", folder), StatusCode::OK);
  EXPECT_EQ(folder.owner(), "bob");
  EXPECT_EQ(Get("auditor", "both", folder), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Get("auditor", "none", folder), StatusCode::NOT_FOUND);
  EXPECT_EQ(Get("alice", "only", folder), StatusCode::NOT_FOUND);
}

TEST_F(OwnerAllRowsTest, ExportsThoseOfAllOwners) {
  Sql("INSERT INTO owned.folder (owner, code, size) SELECT 'o' || n % 3, 'c' || n / 3, 0 "
      "FROM generate_series(0, 2999) AS n");
  grpc::ClientContext context;
  context.AddMetadata("authorization", "auditor");
  const grpc::internal::RpcMethod rpc("/owned.v1.FolderService/ExportFolders",
                                      grpc::internal::RpcMethod::SERVER_STREAMING);
  const std::unique_ptr<grpc::ClientReader<Folder>> reader(
      grpc::internal::ClientReaderFactory<Folder>::Create(engine_->channel().get(), rpc, &context,
                                                          ExportFoldersRequest()));
  std::set<std::pair<std::string, std::string>> rows;
  Folder folder;
  while (reader->Read(&folder)) EXPECT_TRUE(rows.emplace(folder.owner(), folder.code()).second);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows.size(), 3000U);
}

TEST_F(OwnerAllRowsTest, TheTokenOfAPageIsOfTheseRights) {
  for (const char* code : {"a", "b"}) ASSERT_EQ(Create("alice", code), StatusCode::OK);
  ListFoldersRequest list;
  list.set_page_size(1);
  ListFoldersResponse page;
  ASSERT_EQ(CallAs("auditor", "ListFolders", list, page), StatusCode::OK);
  list.set_page_token(page.next_page_token());
  EXPECT_EQ(CallAs("alice", "ListFolders", list, page), StatusCode::INVALID_ARGUMENT);
}

TEST_F(OwnerAllRowsTest, WritesForTheOwnerThatTheRowNames) {
  EXPECT_EQ(Create("auditor", "a", "alice"), StatusCode::OK);  // its own: the rule is for reads
  Folder folder;
  EXPECT_EQ(Get("alice", "a", folder), StatusCode::NOT_FOUND);
  EXPECT_EQ(Create("job", "a", "alice"), StatusCode::OK);
  ASSERT_EQ(Get("alice", "a", folder), StatusCode::OK);
  EXPECT_EQ(folder.owner(), "alice");
  UpdateFolderRequest update;
  update.mutable_folder()->set_code("a");
  update.mutable_folder()->set_owner("alice");
  update.mutable_folder()->set_size(3);
  update.mutable_update_mask()->add_paths("size");
  EXPECT_EQ(CallAs("job", "UpdateFolder", update, folder), StatusCode::OK);
  ASSERT_EQ(Get("alice", "a", folder), StatusCode::OK);
  EXPECT_EQ(folder.size(), 3);
  BatchCreateFoldersRequest batch;
  for (const char* owner : {"alice", "bob"}) {
    Folder& row = *batch.add_requests()->mutable_folder();
    row.set_code("same");
    row.set_owner(owner);
  }
  BatchCreateFoldersResponse created;
  ASSERT_EQ(CallAs("job", "BatchCreateFolders", batch, created), StatusCode::OK);
  EXPECT_EQ(created.folders(0).owner(), "alice");
  EXPECT_EQ(created.folders(1).owner(), "bob");
  DeleteFolderRequest del;
  del.set_code("same");
  google::protobuf::Empty empty;
  EXPECT_EQ(CallAs("job", "DeleteFolder", del, empty), StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace dataservice::test
