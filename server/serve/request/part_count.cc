#include "serve/request/part_count.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <optional>

#include "engine_limits.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using Result = PartCount::Result;

// Whether JSON has such a message as a value that is no object or array of its own.
bool IsValue(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return type.options().map_entry();
    case Descriptor::WELLKNOWNTYPE_ANY:
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return false;
    default:
      return true;
  }
}

// Fields of a message of that type that are not counted. Null: of a group.
int UncountedOf(const Descriptor* type) {
  if (type == nullptr) return 0;
  return IsValue(*type) ? 2 : 1;
}

bool IsVarint(const FieldDescriptor& field) {
  const auto type = static_cast<WireFormatLite::FieldType>(field.type());
  return WireFormatLite::WireTypeForFieldType(type) == WireFormatLite::WIRETYPE_VARINT;
}

// Accepts all that a parser of protobuf accepts. Where it stops because the bytes are no message,
// they are not to be parsed: a parser could read parts behind that place before it fails.
class Counting {
 public:
  explicit Counting(CodedInputStream& in) : in_(in) {}

  // Reads the fields of a message that is within `depth` others, or, if `type` is null, of a
  // group, whose fields are all unknown. False if nothing is to be read any more.
  bool ReadFields(const Descriptor* type, int depth) {
    if (depth > CodedInputStream::GetDefaultRecursionLimit()) return Stop(Result::kTooDeep);
    uncounted_ = UncountedOf(type);
    while (const uint32_t tag = in_.ReadTag()) {
      // A message that a group's end is in is not read to its end, which ReadMessage() notices.
      if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_END_GROUP) return true;
      const FieldDescriptor* field =
          type == nullptr ? nullptr
                          : type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (depth == 0) count_.field = field;
      if (!ReadField(tag, field, depth)) return false;
    }
    return true;
  }

  const PartCount& count() const { return count_; }

 private:
  bool Stop(Result result) {
    count_.result = result;
    return false;
  }

  bool AddMessage() { return ++messages_ <= kMaxRequestMessages || Stop(Result::kTooMany); }

  bool AddValue() {
    if (uncounted_ > 0) {
      --uncounted_;
      return true;
    }
    return ++values_ <= kMaxRequestValues || Stop(Result::kTooMany);
  }

  bool ReadField(uint32_t tag, const FieldDescriptor* field, int depth) {
    const auto wire = WireFormatLite::GetTagWireType(tag);
    if (wire == WireFormatLite::WIRETYPE_START_GROUP) {
      return AddValue() && ReadWithin(nullptr, depth);
    }
    if (wire == WireFormatLite::WIRETYPE_LENGTH_DELIMITED && field != nullptr) {
      if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
        return ReadMessage(*field->message_type(), depth);
      }
      if (field->is_packable() && IsVarint(*field)) return ReadVarints();
    }
    return AddValue() && Skip(tag);
  }

  bool ReadMessage(const Descriptor& type, int depth) {
    if (!(IsValue(type) ? AddValue() : AddMessage())) return false;
    const auto limit = Enter();
    if (!limit || !ReadWithin(&type, depth)) return false;
    if (!in_.ConsumedEntireMessage()) return Stop(Result::kBroken);
    in_.PopLimit(*limit);
    return true;
  }

  bool ReadVarints() {
    const auto limit = Enter();
    if (!limit) return false;
    while (in_.BytesUntilLimit() > 0) {
      uint64_t number;
      if (!in_.ReadVarint64(&number)) return Stop(Result::kBroken);
      if (!AddValue()) return false;
    }
    in_.PopLimit(*limit);
    return true;
  }

  // The fields of a message or a group within one of that depth.
  bool ReadWithin(const Descriptor* type, int depth) {
    const int uncounted = uncounted_;
    if (!ReadFields(type, depth + 1)) return false;
    uncounted_ = uncounted;
    return true;
  }

  // Reads a length, and limits what is read to it. A parser reads on behind the end of the message
  // around it before it notices that.
  std::optional<CodedInputStream::Limit> Enter() {
    int length;
    const bool read = in_.ReadVarintSizeAsInt(&length);
    const int left = in_.BytesUntilLimit();
    if (!read || (left >= 0 && length > left)) {
      Stop(Result::kBroken);
      return std::nullopt;
    }
    return in_.PushLimit(length);
  }

  bool Skip(uint32_t tag) { return WireFormatLite::SkipField(&in_, tag) || Stop(Result::kBroken); }

  CodedInputStream& in_;
  PartCount count_;
  int messages_ = 0;
  int values_ = 0;
  int uncounted_ = 0;  // fields of the innermost message that will not be counted
};

}  // namespace

PartCount CountParts(const Descriptor& type, google::protobuf::io::ZeroCopyInputStream& bytes) {
  CodedInputStream in(&bytes);
  Counting counting(in);
  counting.ReadFields(&type, 0);
  return counting.count();
}

}  // namespace dataservice
