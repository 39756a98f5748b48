// Callers of the contract whose rows belong to callers, and what each of them must see.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine_fixture.h"
#include "owned/v1/owned.pb.h"

namespace dataservice::test {

// Takes the value of `authorization` as the verified subject; without one, the caller is
// anonymous.
class NameIsSubject final : public Authenticator {
 public:
  absl::StatusOr<CallerPtr> Identify(const Peer& peer,
                                     const AuthorizationValues& authorization) const override;
};

// Requests for later pages, with their tokens, which callers show to each other. Thread-safe.
class SharedTokens {
 public:
  void Add(const std::string& caller, const owned::v1::ListFoldersRequest& request);
  // The last one of another caller; absent if none has one.
  std::optional<owned::v1::ListFoldersRequest> OfAnother(const std::string& caller) const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, owned::v1::ListFoldersRequest> requests_ ABSL_GUARDED_BY(mutex_);
};

// Two servers of one database.
struct OwnedServers {
  NameIsSubject authenticator;
  Engine first{
      {}, {}, AppDatabase(), "owned/v1/owned.proto", Guards{.authenticator = &authenticator}};
  Engine second{
      {}, {}, AppDatabase(), "owned/v1/owned.proto", Guards{.authenticator = &authenticator}};
  SharedTokens tokens;
};

// The tables of the contract, empty, and the servers.
class OwnedTest : public EngineTest {
 protected:
  static void SetUpTestSuite();
  void SetUp() override;

  // A call of a folder's method by `name`; of nobody if that is empty.
  template <typename Request, typename Response>
  grpc::Status Call(const std::string& name, const std::string& method, const Request& request,
                    Response& response, std::multimap<std::string, std::string> metadata = {}) {
    if (!name.empty()) metadata.emplace("authorization", name);
    return servers_.first.Call("/owned.v1." + method, request, response, 10000, metadata);
  }

  OwnedServers servers_;
};

// One caller. It makes random calls and compares each response with a model that knows of no
// other caller, although all callers use the same keys, slugs and request_ids. No response and no
// error may have the name of another caller ("caller" and a digit) either. Not thread-safe.
class OwnedCaller {
 public:
  OwnedCaller(OwnedServers& servers, std::string name, unsigned seed);

  // Makes one call of a random method. Fails the test if a response differs from the model.
  void Step();

 private:
  struct Row {
    std::optional<std::string> slug;
    int size = 0;
  };

  template <typename Request, typename Response>
  grpc::StatusCode Call(const std::string& method, const Request& request, Response& response);
  Engine& AnyServer();
  int Below(int limit);
  std::string AnyCode();
  std::vector<std::string> TwoCodes();
  owned::v1::Folder AnyFolder();

  bool SlugIsTaken(const owned::v1::Folder& folder) const;
  int NotesIn(const std::string& code) const;
  void Store(const owned::v1::Folder& folder);
  void ExpectRow(const owned::v1::Folder& folder, const std::string& code) const;

  void Create();
  void Get();
  void Update();
  void Upsert();
  void Delete();
  void List();
  void ListWithTokenOfAnother();
  void BatchGet();
  void BatchCreate();
  void BatchUpdate();
  void BatchDelete();
  void Import();
  void Export();
  void CreateNote();
  void GetNote();
  void DeleteNote();
  void ListNotes();

  OwnedServers& servers_;
  const std::string name_;
  std::mt19937 random_;
  int calls_ = 0;
  std::map<std::string, Row> rows_;
  std::map<std::string, std::string> notes_;  // id -> folder
};

}  // namespace dataservice::test
