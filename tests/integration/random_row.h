// Random messages of any type, by reflection.
#pragma once

#include <google/protobuf/message.h>

#include <random>
#include <string>

namespace dataservice::test {

// Every value is one that the engine stores: texts are UTF-8 without NUL, enums
// known, times and dates in range. Extremes are as likely as the rest. The same
// seed makes the same messages.
class RandomRow {
 public:
  explicit RandomRow(uint64_t seed) : engine_(seed) {}

  // Whole, from 0 to `limit` - 1.
  size_t Below(size_t limit) { return engine_() % limit; }
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }

  // Fills about `percent` of the fields; messages nest to `depth`.
  void Fill(google::protobuf::Message& message, int percent, int depth = 3);

  std::string Uuid();
  std::string Text(size_t max_characters);

 private:
  void Set(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
           int depth);
  void SetMessage(google::protobuf::Message& message, int depth);
  size_t Size(const google::protobuf::FieldDescriptor& field, int depth);
  uint64_t Integer(int bits);
  double Float(bool single);
  std::string Bytes();

  std::mt19937_64 engine_;
};

}  // namespace dataservice::test
