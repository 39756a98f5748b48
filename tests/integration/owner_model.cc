#include "owner_model.h"

#include <grpcpp/support/sync_stream.h>

#include "absl/strings/str_cat.h"

namespace dataservice::test {

using namespace owned::v1;
using grpc::StatusCode;

namespace {

const std::string kFolders = "/owned.v1.FolderService/";
const std::string kNotes = "/owned.v1.NoteService/";

std::string NoteId(int n) { return absl::StrCat("00000000-0000-7000-8000-00000000000", n); }

}  // namespace

absl::StatusOr<CallerPtr> NameIsSubject::Identify(const Peer&,
                                                  const AuthorizationValues& authorization) const {
  if (authorization.empty()) return AnonymousCaller();
  auto caller = std::make_shared<Caller>();
  caller->kind = CallerKind::kToken;
  caller->issuer = "test";
  caller->subject = std::string(authorization.front());
  return caller;
}

void SharedTokens::Add(const std::string& caller, const ListFoldersRequest& request) {
  absl::MutexLock lock(&mutex_);
  requests_[caller] = request;
}

std::optional<ListFoldersRequest> SharedTokens::OfAnother(const std::string& caller) const {
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, request] : requests_) {
    if (name != caller) return request;
  }
  return std::nullopt;
}

void OwnedTest::SetUpTestSuite() {
  EngineTest::SetUpTestSuite();
  const auto contract = Contract::BuildFromGeneratedPool("owned/v1/owned.proto");
  ASSERT_TRUE(contract.ok()) << contract.status();
  const auto done = ApplySchema(schema::ModelOfContract(**contract), {.app = AppRole()});
  ASSERT_TRUE(done.ok()) << done.status();
}

void OwnedTest::SetUp() {
  EngineTest::SetUp();
  Sql("TRUNCATE owned.folder, owned.note, owned.page, owned.comment, owned.request_claim");
}

OwnedCaller::OwnedCaller(OwnedServers& servers, std::string name, unsigned seed)
    : servers_(servers), name_(std::move(name)), random_(seed) {}

void OwnedCaller::Step() {
  using Method = void (OwnedCaller::*)();
  static constexpr Method kMethods[] = {&OwnedCaller::Create,
                                        &OwnedCaller::Get,
                                        &OwnedCaller::Update,
                                        &OwnedCaller::Upsert,
                                        &OwnedCaller::Delete,
                                        &OwnedCaller::List,
                                        &OwnedCaller::BatchGet,
                                        &OwnedCaller::BatchCreate,
                                        &OwnedCaller::BatchUpdate,
                                        &OwnedCaller::BatchDelete,
                                        &OwnedCaller::Import,
                                        &OwnedCaller::Export,
                                        &OwnedCaller::CreateNote,
                                        &OwnedCaller::GetNote,
                                        &OwnedCaller::DeleteNote,
                                        &OwnedCaller::ListNotes,
                                        &OwnedCaller::ListWithTokenOfAnother};
  ++calls_;
  (this->*kMethods[Below(static_cast<int>(std::size(kMethods)))])();
}

template <typename Request, typename Response>
StatusCode OwnedCaller::Call(const std::string& method, const Request& request,
                             Response& response) {
  const grpc::Status status =
      AnyServer().Call(method, request, response, 30000, {{"authorization", name_}});
  const std::string text =
      absl::StrCat(status.error_message(), status.error_details(), response.SerializeAsString());
  for (int i = 0; i < 10; ++i) {
    const std::string other = absl::StrCat("caller", i);
    if (other != name_) EXPECT_EQ(text.find(other), std::string::npos) << method << " " << text;
  }
  return status.error_code();
}

Engine& OwnedCaller::AnyServer() { return Below(2) == 0 ? servers_.first : servers_.second; }

int OwnedCaller::Below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random_); }

std::string OwnedCaller::AnyCode() { return absl::StrCat("code", Below(5)); }

std::vector<std::string> OwnedCaller::TwoCodes() {
  const int first = Below(5);
  return {absl::StrCat("code", first), absl::StrCat("code", (first + 1 + Below(4)) % 5)};
}

Folder OwnedCaller::AnyFolder() {
  Folder folder;
  folder.set_code(AnyCode());
  folder.set_owner("somebody else");  // OUTPUT_ONLY: ignored
  folder.set_size(Below(4));
  if (Below(2) == 0) folder.set_slug(absl::StrCat("slug", Below(3)));
  return folder;
}

bool OwnedCaller::SlugIsTaken(const Folder& folder) const {
  if (!folder.has_slug()) return false;
  for (const auto& [code, row] : rows_) {
    if (code != folder.code() && row.slug == folder.slug()) return true;
  }
  return false;
}

int OwnedCaller::NotesIn(const std::string& code) const {
  int count = 0;
  for (const auto& [id, folder] : notes_) count += folder == code ? 1 : 0;
  return count;
}

void OwnedCaller::Store(const Folder& folder) {
  Row& row = rows_[folder.code()];
  row.size = folder.size();
  row.slug = folder.has_slug() ? std::optional(folder.slug()) : std::nullopt;
}

void OwnedCaller::ExpectRow(const Folder& folder, const std::string& code) const {
  EXPECT_EQ(folder.code(), code);
  EXPECT_EQ(folder.owner(), name_);
  const auto row = rows_.find(code);
  ASSERT_NE(row, rows_.end()) << name_ << " got a row that it does not have: " << code;
  EXPECT_EQ(folder.size(), row->second.size);
  EXPECT_EQ(folder.has_slug() ? std::optional(folder.slug()) : std::nullopt, row->second.slug);
}

void OwnedCaller::Create() {
  CreateFolderRequest request;
  *request.mutable_folder() = AnyFolder();
  if (Below(2) == 0) request.set_request_id(absl::StrCat("request", calls_));
  const std::string& code = request.folder().code();
  Folder response;
  const StatusCode status = Call(kFolders + "CreateFolder", request, response);
  if (rows_.contains(code)) {
    EXPECT_EQ(status, StatusCode::ALREADY_EXISTS);
  } else if (SlugIsTaken(request.folder())) {
    EXPECT_EQ(status, StatusCode::FAILED_PRECONDITION);
  } else {
    EXPECT_EQ(status, StatusCode::OK);
    Store(request.folder());
    ExpectRow(response, code);
    if (request.request_id().empty()) return;
    Folder again;
    EXPECT_EQ(Call(kFolders + "CreateFolder", request, again), StatusCode::OK);
    EXPECT_EQ(again.SerializeAsString(), response.SerializeAsString());
  }
}

void OwnedCaller::Get() {
  GetFolderRequest request;
  request.set_code(AnyCode());
  request.mutable_read_mask()->add_paths("*");
  Folder response;
  const StatusCode status = Call(kFolders + "GetFolder", request, response);
  if (!rows_.contains(request.code())) {
    EXPECT_EQ(status, StatusCode::NOT_FOUND);
    return;
  }
  EXPECT_EQ(status, StatusCode::OK);
  ExpectRow(response, request.code());
  EXPECT_EQ(response.note_count(), NotesIn(request.code()));
}

void OwnedCaller::Update() {
  UpdateFolderRequest request;
  request.mutable_folder()->set_code(AnyCode());
  request.mutable_folder()->set_size(Below(4));
  request.mutable_update_mask()->add_paths("size");
  if (Below(2) == 0) request.set_request_id(absl::StrCat("request", calls_));
  const auto row = rows_.find(request.folder().code());
  Folder response;
  const StatusCode status = Call(kFolders + "UpdateFolder", request, response);
  EXPECT_EQ(status, row == rows_.end() ? StatusCode::NOT_FOUND : StatusCode::OK);
  if (row == rows_.end()) return;
  row->second.size = request.folder().size();
  ExpectRow(response, request.folder().code());
}

void OwnedCaller::Upsert() {
  UpsertFolderRequest request;
  *request.mutable_folder() = AnyFolder();
  if (Below(2) == 0) request.set_request_id(absl::StrCat("request", calls_));
  Folder response;
  const StatusCode status = Call(kFolders + "UpsertFolder", request, response);
  if (SlugIsTaken(request.folder())) {
    EXPECT_EQ(status, StatusCode::FAILED_PRECONDITION);
    return;
  }
  EXPECT_EQ(status, StatusCode::OK);
  Store(request.folder());
  ExpectRow(response, request.folder().code());
}

void OwnedCaller::Delete() {
  DeleteFolderRequest request;
  request.set_code(AnyCode());
  request.set_allow_missing(Below(2) == 0);
  if (Below(2) == 0) request.set_request_id(absl::StrCat("request", calls_));
  google::protobuf::Empty response;
  const StatusCode status = Call(kFolders + "DeleteFolder", request, response);
  if (!rows_.contains(request.code())) {
    EXPECT_EQ(status, request.allow_missing() ? StatusCode::OK : StatusCode::NOT_FOUND);
  } else if (NotesIn(request.code()) > 0) {
    EXPECT_EQ(status, StatusCode::FAILED_PRECONDITION);
  } else {
    EXPECT_EQ(status, StatusCode::OK);
    rows_.erase(request.code());
  }
}

void OwnedCaller::List() {
  const int least = Below(4);
  std::set<std::string> expected;
  for (const auto& [code, row] : rows_) {
    if (row.size >= least) expected.insert(code);
  }
  ListFoldersRequest request;
  request.set_page_size(1 + Below(2));
  request.set_filter(absl::StrCat("size >= ", least, " OR owner = \"other\""));
  request.set_order_by(Below(2) == 0 ? "size desc" : "code");
  std::set<std::string> found;
  do {
    ListFoldersResponse page;
    ASSERT_EQ(Call(kFolders + "ListFolders", request, page), StatusCode::OK);
    EXPECT_EQ(page.total_size(), static_cast<int>(expected.size()));
    for (const Folder& folder : page.folders()) {
      ExpectRow(folder, folder.code());
      EXPECT_TRUE(found.insert(folder.code()).second);
    }
    request.set_page_token(page.next_page_token());
    if (page.has_next_page_token()) servers_.tokens.Add(name_, request);
  } while (!request.page_token().empty());
  EXPECT_EQ(found, expected);
}

void OwnedCaller::ListWithTokenOfAnother() {
  const auto request = servers_.tokens.OfAnother(name_);
  if (!request) return;
  ListFoldersResponse page;
  EXPECT_EQ(Call(kFolders + "ListFolders", *request, page), StatusCode::INVALID_ARGUMENT);
}

void OwnedCaller::BatchGet() {
  BatchGetFoldersRequest request;
  bool all = true;
  for (const std::string& code : TwoCodes()) {
    request.add_codes(code);
    all = all && rows_.contains(code);
  }
  BatchGetFoldersResponse response;
  const StatusCode status = Call(kFolders + "BatchGetFolders", request, response);
  EXPECT_EQ(status, all ? StatusCode::OK : StatusCode::NOT_FOUND);
  for (int i = 0; i < response.folders_size(); ++i)
    ExpectRow(response.folders(i), request.codes(i));
}

void OwnedCaller::BatchCreate() {
  BatchCreateFoldersRequest request;
  bool any = false;
  for (const std::string& code : TwoCodes()) {
    request.add_requests()->mutable_folder()->set_code(code);
    any = any || rows_.contains(code);
  }
  if (Below(2) == 0) request.set_request_id(absl::StrCat("request", calls_));
  BatchCreateFoldersResponse response;
  const StatusCode status = Call(kFolders + "BatchCreateFolders", request, response);
  EXPECT_EQ(status, any ? StatusCode::ALREADY_EXISTS : StatusCode::OK);
  if (status != StatusCode::OK) return;
  for (const auto& element : request.requests()) Store(element.folder());
}

void OwnedCaller::BatchUpdate() {
  BatchUpdateFoldersRequest request;
  bool all = true;
  for (const std::string& code : TwoCodes()) {
    UpdateFolderRequest& element = *request.add_requests();
    element.mutable_folder()->set_code(code);
    element.mutable_folder()->set_size(Below(4));
    element.mutable_update_mask()->add_paths("size");
    all = all && rows_.contains(code);
  }
  BatchUpdateFoldersResponse response;
  const StatusCode status = Call(kFolders + "BatchUpdateFolders", request, response);
  EXPECT_EQ(status, all ? StatusCode::OK : StatusCode::NOT_FOUND);
  if (!all) return;
  for (const auto& element : request.requests()) {
    rows_[element.folder().code()].size = element.folder().size();
  }
  for (const Folder& folder : response.folders()) ExpectRow(folder, folder.code());
}

void OwnedCaller::BatchDelete() {
  BatchDeleteFoldersRequest request;
  bool all = true;
  for (const std::string& code : TwoCodes()) {
    request.add_codes(code);
    all = all && rows_.contains(code) && NotesIn(code) == 0;
  }
  google::protobuf::Empty response;
  const StatusCode status = Call(kFolders + "BatchDeleteFolders", request, response);
  EXPECT_EQ(status == StatusCode::OK, all) << status;
  if (!all) return;
  for (const std::string& code : request.codes()) rows_.erase(code);
}

void OwnedCaller::Import() {
  grpc::ClientContext context;
  context.AddMetadata("authorization", name_);
  const std::string path = kFolders + "ImportFolders";
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::CLIENT_STREAMING);
  ImportFoldersResponse response;
  std::unique_ptr<grpc::ClientWriter<CreateFolderRequest>> writer(
      grpc::internal::ClientWriterFactory<CreateFolderRequest>::Create(AnyServer().channel().get(),
                                                                       rpc, &context, &response));
  int stored = 0;
  for (const std::string& code : TwoCodes()) {
    CreateFolderRequest request;
    request.mutable_folder()->set_code(code);
    EXPECT_TRUE(writer->Write(request));
    if (rows_.contains(code)) continue;
    ++stored;
    Store(request.folder());
  }
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.imported_count(), stored);
  EXPECT_EQ(response.failed_count(), 2 - stored);
}

void OwnedCaller::Export() {
  grpc::ClientContext context;
  context.AddMetadata("authorization", name_);
  const std::string path = kFolders + "ExportFolders";
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING);
  std::unique_ptr<grpc::ClientReader<Folder>> reader(
      grpc::internal::ClientReaderFactory<Folder>::Create(AnyServer().channel().get(), rpc,
                                                          &context, ExportFoldersRequest()));
  auto expected = rows_.begin();
  Folder folder;
  while (reader->Read(&folder)) {
    ASSERT_NE(expected, rows_.end());
    ExpectRow(folder, expected->first);
    ++expected;
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(expected, rows_.end());
}

void OwnedCaller::CreateNote() {
  CreateNoteRequest request;
  request.mutable_note()->set_id(NoteId(Below(4)));
  request.mutable_note()->set_folder_code(AnyCode());
  Note response;
  const StatusCode status = Call(kNotes + "CreateNote", request, response);
  if (notes_.contains(request.note().id())) {
    EXPECT_EQ(status, StatusCode::ALREADY_EXISTS);
  } else if (!rows_.contains(request.note().folder_code())) {
    EXPECT_EQ(status, StatusCode::FAILED_PRECONDITION);
  } else {
    EXPECT_EQ(status, StatusCode::OK);
    EXPECT_EQ(response.owner(), name_);
    notes_[request.note().id()] = request.note().folder_code();
  }
}

void OwnedCaller::GetNote() {
  GetNoteRequest request;
  request.set_id(NoteId(Below(4)));
  Note response;
  const StatusCode status = Call(kNotes + "GetNote", request, response);
  const auto note = notes_.find(request.id());
  EXPECT_EQ(status, note == notes_.end() ? StatusCode::NOT_FOUND : StatusCode::OK);
  if (note == notes_.end()) return;
  EXPECT_EQ(response.owner(), name_);
  EXPECT_EQ(response.folder_code(), note->second);
}

void OwnedCaller::DeleteNote() {
  DeleteNoteRequest request;
  request.set_id(NoteId(Below(4)));
  google::protobuf::Empty response;
  const StatusCode status = Call(kNotes + "DeleteNote", request, response);
  EXPECT_EQ(status, notes_.erase(request.id()) > 0 ? StatusCode::OK : StatusCode::NOT_FOUND);
}

void OwnedCaller::ListNotes() {
  ListNotesRequest request;
  request.set_folder_code(AnyCode());
  ListNotesResponse response;
  ASSERT_EQ(Call(kNotes + "ListNotes", request, response), StatusCode::OK);
  EXPECT_EQ(response.notes_size(), NotesIn(request.folder_code()));
  for (const Note& note : response.notes()) EXPECT_EQ(note.owner(), name_);
}

}  // namespace dataservice::test
