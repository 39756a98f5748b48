#include "serve/request/nesting.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Longer paths, of messages that hold themselves, are of no use to anybody.
constexpr size_t kMaxPathBytes = 200;

class Search {
 public:
  explicit Search(CodedInputStream& in) : in_(in) {}

  // Reads a message that is within `depth` others. As deep as the limit at most.
  bool Find(const Descriptor& type, int depth) {
    std::map<const FieldDescriptor*, int> counts;
    while (const uint32_t tag = in_.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool message =
          field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE &&
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (!message) {
        if (!WireFormatLite::SkipField(&in_, tag)) return false;
        continue;
      }
      const size_t before = path_.size();
      Enter(*field, counts[field]++);
      if (depth == CodedInputStream::GetDefaultRecursionLimit()) return true;
      int length;
      if (!in_.ReadVarintSizeAsInt(&length)) return false;
      const auto limit = in_.PushLimit(length);
      if (Find(*field->message_type(), depth + 1)) return true;
      if (!in_.ConsumedEntireMessage()) return false;
      in_.PopLimit(limit);
      path_.resize(before);
    }
    return false;
  }

  std::string TakePath() { return std::move(path_); }

 private:
  void Enter(const FieldDescriptor& field, int index) {
    const Descriptor& owner = *field.containing_type();
    if (absl::StartsWith(owner.full_name(), "google.protobuf.") || owner.options().map_entry() ||
        path_.size() > kMaxPathBytes) {
      return;
    }
    absl::StrAppend(&path_, path_.empty() ? "" : ".", field.name());
    if (field.is_repeated() && !field.is_map()) absl::StrAppend(&path_, "[", index, "]");
  }

  CodedInputStream& in_;
  std::string path_;
};

}  // namespace

std::optional<std::string> FindTooDeep(const Descriptor& type,
                                       google::protobuf::io::ZeroCopyInputStream& bytes) {
  CodedInputStream in(&bytes);
  Search search(in);
  if (!search.Find(type, 0)) return std::nullopt;
  return search.TakePath();
}

}  // namespace dataservice
