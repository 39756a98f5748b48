// A caller that looks for the rows of others.
#include <gmock/gmock.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>
#include <vector>

#include "owner_model.h"
#include "serve/sql/statement.h"
#include "status_info.h"

namespace dataservice::test {
namespace {

using namespace owned::v1;
using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;

class OwnerTest : public OwnedTest {
 protected:
  Folder Create(const std::string& name, const std::string& code, const std::string& slug = "") {
    CreateFolderRequest request;
    request.mutable_folder()->set_code(code);
    if (!slug.empty()) request.mutable_folder()->set_slug(slug);
    Folder folder;
    const grpc::Status status = Call(name, "FolderService/CreateFolder", request, folder);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return folder;
  }

  // The error of a read, as text with its details.
  std::string ErrorOfGet(const std::string& name, const std::string& code) {
    GetFolderRequest request;
    request.set_code(code);
    Folder folder;
    return TextOf(Call(name, "FolderService/GetFolder", request, folder));
  }

  static std::string TextOf(const grpc::Status& status) {
    return std::to_string(status.error_code()) + status.error_message() + status.error_details();
  }
};

TEST_F(OwnerTest, TheRowOfAnotherLooksAsOneThatDoesNotExist) {
  Create("alice", "secret");
  const std::string of_another = ErrorOfGet("bob", "secret");
  Sql("TRUNCATE owned.folder CASCADE");
  EXPECT_EQ(of_another, ErrorOfGet("bob", "secret"));
  EXPECT_THAT(of_another, HasSubstr("no owned.v1.Folder has the key secret"));
}

// Reads that share a statement return the row of a key once for each of them.
TEST_F(OwnerTest, ManyReadsOfOneKeyAtOnceAreOfTheirCallers) {
  Create("alice", "code");
  Create("bob", "code");
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int n = 0; n < 32; ++n) {
    callers.emplace_back([&, name = n % 2 == 0 ? "alice" : "bob"] {
      GetFolderRequest get;
      get.set_code("code");
      for (int i = 0; i < 100; ++i) {
        Folder folder;
        const grpc::Status status = Call(name, "FolderService/GetFolder", get, folder);
        if (!status.ok() || folder.owner() != name) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(OwnerTest, ACallerWithoutIdentityHasNoRows) {
  GetFolderRequest get;
  get.set_code("secret");
  Folder folder;
  EXPECT_EQ(Call("", "FolderService/GetFolder", get, folder).error_code(),
            StatusCode::UNAUTHENTICATED);
  ListFoldersResponse page;
  EXPECT_EQ(Call("", "FolderService/ListFolders", ListFoldersRequest(), page).error_code(),
            StatusCode::UNAUTHENTICATED);
  BatchDeleteFoldersRequest batch;
  batch.add_codes("secret");
  google::protobuf::Empty empty;
  EXPECT_EQ(Call("", "FolderService/BatchDeleteFolders", batch, empty).error_code(),
            StatusCode::UNAUTHENTICATED);
}

TEST_F(OwnerTest, NoHeaderIsAnIdentity) {
  Create("alice", "secret");
  GetFolderRequest get;
  get.set_code("secret");
  Folder folder;
  for (const char* header : {"x-subject", "sub", "owner", "x-forwarded-user", "x-owner"}) {
    EXPECT_EQ(Call("bob", "FolderService/GetFolder", get, folder, {{header, "alice"}}).error_code(),
              StatusCode::NOT_FOUND);
  }
}

TEST_F(OwnerTest, AWriteTouchesNoRowOfAnother) {
  const Folder of_alice = Create("alice", "code", "slug");
  google::protobuf::Empty empty;
  DeleteFolderRequest del;
  del.set_code("code");
  EXPECT_EQ(Call("bob", "FolderService/DeleteFolder", del, empty).error_code(),
            StatusCode::NOT_FOUND);
  UpdateFolderRequest update;
  update.mutable_folder()->set_code("code");
  update.mutable_folder()->set_size(9);
  update.mutable_folder()->set_owner("alice");
  update.mutable_update_mask()->add_paths("*");
  Folder folder;
  EXPECT_EQ(Call("bob", "FolderService/UpdateFolder", update, folder).error_code(),
            StatusCode::NOT_FOUND);
  // The version of a row of another is none of one's own.
  update.mutable_folder()->set_etag(of_alice.etag());
  EXPECT_EQ(Call("bob", "FolderService/UpdateFolder", update, folder).error_code(),
            StatusCode::NOT_FOUND);
  // The same key and the same unique value: bob's own row.
  EXPECT_EQ(Create("bob", "code", "slug").owner(), "bob");
  GetFolderRequest get;
  get.set_code("code");
  ASSERT_TRUE(Call("alice", "FolderService/GetFolder", get, folder).ok());
  EXPECT_EQ(folder.SerializeAsString(), of_alice.SerializeAsString());
}

TEST_F(OwnerTest, ATokenOfAPageIsOfItsCaller) {
  for (const char* code : {"a", "b", "c"}) {
    Create("alice", code);
    Create("bob", code);
  }
  ListFoldersRequest list;
  list.set_page_size(1);
  ListFoldersResponse page;
  ASSERT_TRUE(Call("alice", "FolderService/ListFolders", list, page).ok());
  list.set_page_token(page.next_page_token());
  EXPECT_EQ(Call("bob", "FolderService/ListFolders", list, page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  ASSERT_TRUE(Call("alice", "FolderService/ListFolders", list, page).ok());
  EXPECT_EQ(page.folders(0).owner(), "alice");
}

TEST_F(OwnerTest, ARequestIdIsOfItsCaller) {
  CreateFolderRequest request;
  request.mutable_folder()->set_code("code");
  request.set_request_id("one");
  Folder of_alice;
  Folder of_bob;
  ASSERT_TRUE(Call("alice", "FolderService/CreateFolder", request, of_alice).ok());
  request.mutable_folder()->set_size(5);
  const grpc::Status status = Call("bob", "FolderService/CreateFolder", request, of_bob);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(of_bob.owner(), "bob");
  // Alice's other request with her own id.
  EXPECT_EQ(Call("alice", "FolderService/CreateFolder", request, of_alice).error_code(),
            StatusCode::ALREADY_EXISTS);
  BatchCreateFoldersRequest batch;
  batch.set_request_id("many");
  batch.add_requests()->mutable_folder()->set_code("x");
  BatchCreateFoldersResponse response;
  for (const char* name : {"alice", "bob"}) {
    ASSERT_TRUE(Call(name, "FolderService/BatchCreateFolders", batch, response).ok());
    EXPECT_EQ(response.folders(0).owner(), name);
  }
}

TEST_F(OwnerTest, ARowRefersToOneOfItsOwnerOnly) {
  Create("alice", "code");
  CreateNoteRequest request;
  request.mutable_note()->set_folder_code("code");
  Note note;
  const grpc::Status of_another = Call("bob", "NoteService/CreateNote", request, note);
  EXPECT_EQ(of_another.error_code(), StatusCode::FAILED_PRECONDITION);
  request.mutable_note()->set_folder_code("none");
  EXPECT_EQ(Call("bob", "NoteService/CreateNote", request, note).error_message(),
            of_another.error_message());
  // Whatever writes to the database.
  EXPECT_THAT(Sql("INSERT INTO owned.note (id, folder_code, owner) "
                  "VALUES (gen_random_uuid(), 'code', 'bob')"),
              HasSubstr("note_folder_code_fkey"));
}

TEST_F(OwnerTest, ErrorsDoNotNameTheOwner) {
  Create("alice", "code", "slug");
  CreateFolderRequest request;
  request.mutable_folder()->set_code("other");
  request.mutable_folder()->set_slug("slug");
  Folder folder;
  const grpc::Status status = Call("alice", "FolderService/CreateFolder", request, folder);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(TextOf(status), HasSubstr("folder.slug"));
  EXPECT_THAT(TextOf(status), Not(HasSubstr("owner")));
}

// Every statement finds its rows by an index that begins with the owner.
TEST_F(OwnerTest, TheIndexBeginsWithTheOwner) {
  Sql("INSERT INTO owned.folder (owner, code, size, slug) SELECT 'o' || n % 100, 'c' || n, n, "
      "'s' || n FROM generate_series(1, 20000) AS n");
  Sql("ANALYZE owned.folder");
  const auto contract = *Contract::BuildFromGeneratedPool("owned/v1/owned.proto");
  const Resource& folder = *contract->FindResource(Folder::descriptor());
  const int owner = folder.owner;
  const OrderTerm by_key{folder.key};
  const OrderTerm by_size{folder.Find("size")};
  struct Case {
    Shape shape;
    std::vector<std::string> values;
  };
  const std::string codes = "{c7,c8}";
  const std::string owners = "{o7,o8}";
  for (const Case& c :
       {Case{GetShape{&folder}, {codes, owners}}, Case{LockShape{&folder}, {codes, owners}},
        Case{DeleteShape{&folder}, {codes, owners, "{\"{}\",\"{}\"}"}},
        Case{ListShape{.resource = &folder, .columns = {owner}, .order = {by_key}}, {"o7", "51"}},
        Case{ListShape{.resource = &folder, .columns = {owner}, .order = {by_key}, .after = {true}},
             {"c7", "o7", "51"}},
        Case{ListShape{.resource = &folder, .columns = {owner}, .order = {by_size, by_key}},
             {"o7", "51"}},
        Case{ExportShape{.resource = &folder, .columns = {owner}}, {"o7", "51"}}}) {
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    const std::string text = BuildStatement(c.shape).text;
    std::string plan;
    for (const auto& line : work.exec_params("EXPLAIN (COSTS OFF) " + text,
                                             pqxx::prepare::make_dynamic_params(c.values))) {
      plan += std::string(line[0].c_str()) + "\n";
    }
    EXPECT_THAT(plan, testing::ContainsRegex("Index Cond: \\(+(owner|\\(owner)")) << text << plan;
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan"))) << text << plan;
    EXPECT_THAT(plan, Not(testing::AllOf(HasSubstr("Sort"), HasSubstr("LIMIT")))) << plan;
  }
}

}  // namespace
}  // namespace dataservice::test
