// Rows that every caller reads, and only their owner writes (storage.v1.Owner.public_read).
#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>

#include "owner_model.h"

namespace dataservice::test {
namespace {

using namespace owned::v1;
using grpc::StatusCode;
using testing::HasSubstr;

class OwnerPublicTest : public OwnedTest {
 protected:
  grpc::Status Create(const std::string& name, const Page& page) {
    CreatePageRequest request;
    *request.mutable_page() = page;
    Page created;
    return Call(name, "PageService/CreatePage", request, created);
  }
  grpc::StatusCode Upsert(const std::string& name, const Page& page) {
    UpsertPageRequest request;
    *request.mutable_page() = page;
    Page written;
    return Call(name, "PageService/UpsertPage", request, written).error_code();
  }
  Page Get(const std::string& name, const std::string& code) {
    GetPageRequest request;
    request.set_code(code);
    request.mutable_read_mask()->add_paths("*");
    Page page;
    const grpc::Status status = Call(name, "PageService/GetPage", request, page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return page;
  }
  static Page PageOf(const std::string& code, const std::string& address = "",
                     const std::string& title = "") {
    Page page;
    page.set_code(code);
    page.set_owner("somebody else");
    if (!address.empty()) page.set_address(address);
    if (!title.empty()) page.set_title(title);
    return page;
  }
};

TEST_F(OwnerPublicTest, EverybodyReads) {
  ASSERT_TRUE(Create("alice", PageOf("a")).ok());
  ASSERT_TRUE(Create("bob", PageOf("b")).ok());
  for (const char* name : {"alice", "bob", ""}) {
    EXPECT_EQ(Get(name, "a").owner(), "alice");
    EXPECT_EQ(Get(name, "b").owner(), "bob");
    ListPagesResponse list;
    ASSERT_TRUE(Call(name, "PageService/ListPages", ListPagesRequest(), list).ok());
    EXPECT_EQ(list.pages_size(), 2);
  }
  ListPagesRequest of_bob;
  of_bob.set_filter("owner = \"bob\"");
  ListPagesResponse list;
  ASSERT_TRUE(Call("", "PageService/ListPages", of_bob, list).ok());
  ASSERT_EQ(list.pages_size(), 1);
  EXPECT_EQ(list.pages(0).code(), "b");
}

TEST_F(OwnerPublicTest, OnlyTheOwnerWrites) {
  ASSERT_TRUE(Create("alice", PageOf("a")).ok());
  EXPECT_EQ(Create("bob", PageOf("a")).error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Create("", PageOf("c")).error_code(), StatusCode::UNAUTHENTICATED);
  Page changed = PageOf("a", "x");
  changed.set_size(7);
  EXPECT_EQ(Upsert("bob", changed), StatusCode::ALREADY_EXISTS);
  UpdatePageRequest update;
  *update.mutable_page() = changed;
  update.mutable_update_mask()->add_paths("*");
  Page page;
  EXPECT_EQ(Call("bob", "PageService/UpdatePage", update, page).error_code(),
            StatusCode::NOT_FOUND);
  DeletePageRequest del;
  del.set_code("a");
  google::protobuf::Empty empty;
  EXPECT_EQ(Call("bob", "PageService/DeletePage", del, empty).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(Get("bob", "a").size(), 0);
  EXPECT_EQ(Upsert("alice", changed), StatusCode::OK);
  EXPECT_EQ(Get("bob", "a").size(), 7);
  EXPECT_EQ(Get("bob", "a").owner(), "alice");
  EXPECT_TRUE(Call("alice", "PageService/DeletePage", del, empty).ok());
}

TEST_F(OwnerPublicTest, UniqueForEachOwnerOrAcrossOwners) {
  ASSERT_TRUE(Create("alice", PageOf("a", "address", "title")).ok());
  EXPECT_TRUE(Create("bob", PageOf("b", "", "title")).ok());
  const grpc::Status same_title = Create("alice", PageOf("c", "", "title"));
  EXPECT_EQ(same_title.error_code(), StatusCode::FAILED_PRECONDITION);
  const grpc::Status same_address = Create("bob", PageOf("d", "address"));
  EXPECT_EQ(same_address.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(same_address.error_details(), HasSubstr("page.address"));
}

TEST_F(OwnerPublicTest, EverybodyRefersToThem) {
  ASSERT_TRUE(Create("alice", PageOf("a")).ok());
  CreateCommentRequest request;
  request.mutable_comment()->set_page_code("a");
  Comment comment;
  ASSERT_TRUE(Call("bob", "CommentService/CreateComment", request, comment).ok());
  EXPECT_EQ(comment.owner(), "bob");
  EXPECT_EQ(Get("", "a").comment_count(), 1);
}

}  // namespace
}  // namespace dataservice::test
