// Random contracts, and what changes them.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace dataservice::test {

// A field of a random resource.
struct RandomField {
  int number = 0;
  std::string name;
  std::string type;  // "string", "repeated int32", "map<string, int32>", "uuid", ...
  bool optional = false;
  int bound = 0;  // of its rule; 0 is none
  bool indexed = false;
};

struct RandomMessage {
  std::string name;
  std::string table;
  std::vector<RandomField> fields;  // beside the key, `int64 id = 1`
  // "parent_id", field 20, that refers to the first message; only in others.
  bool refers = false;
  bool cascades = false;
};

// Messages with a key and up to six fields of every type of the type table.
class RandomContract {
 public:
  explicit RandomContract(std::mt19937& random);

  // Another one, some changes away: fields and tables added, removed, renamed,
  // moved, retyped, with other rules and indexes.
  RandomContract Changed(std::mt19937& random) const;

  // The body of an InlineContract.
  std::string Proto() const;

  // INSERT statements, some of which the rules refuse.
  std::vector<std::string> Rows(std::mt19937& random) const;

  std::vector<RandomMessage> messages;
};

}  // namespace dataservice::test
