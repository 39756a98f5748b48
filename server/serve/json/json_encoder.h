// One answer on its way to JSON; see json_writer.h.
#pragma once

#include <forward_list>
#include <span>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "contract/field_set.h"
#include "postgres/time_text.h"
#include "serve/json/field_selection.h"
#include "serve/json/json_types.h"
#include "serve/values/wire_reader.h"

namespace dataservice {

// Where the values of a field are in a message's bytes.
struct FieldPlace {
  bool set = false;
  size_t first = 0;  // of its first tag
  size_t end = 0;    // behind its last value
  // The last value. Of a message that came in parts: the parts joined, which is the
  // merged message.
  uint64_t number = 0;
  std::string_view bytes;
};

// One for each field of a type.
using FieldPlaces = absl::InlinedVector<FieldPlace, 16>;

// Not thread-safe.
class JsonEncoder {
 public:
  // All outlive it. The fields of `hidden`, which may be null, are left out.
  JsonEncoder(JsonTypes& types, std::string& out, const FieldSet* hidden = nullptr)
      : types_(types), out_(out), hidden_(hidden) {}

  // Appends a message in its own form, `depth` levels down.
  bool AppendMessage(const JsonType& type, std::string_view wire, const FieldSelection* selection,
                     int depth);

  // Appends the value of one field of a message; null if it has presence and is not set.
  bool AppendPart(const JsonType& type, std::string_view wire,
                  const google::protobuf::FieldDescriptor& part, const FieldSelection* selection);

  // Appends the name and the value of one field, as AppendMessage does for each of an object.
  // `wire` has no other field. A comma comes first if `comma`, which becomes true if anything is
  // appended.
  bool AppendMember(const JsonField& field, std::string_view wire, const FieldSelection* inner,
                    bool& comma, int depth);

  // The values of the repeated field `field` are `elements`, JSON with commas between, and not what
  // the bytes of the message have. Before any message is appended; `elements` outlive it.
  void SetElements(const google::protobuf::FieldDescriptor& field, std::string_view elements) {
    elements_field_ = &field;
    elements_ = elements;
  }

  // The same for a field of the type string whose value is `text`.
  bool AppendStringMember(const JsonField& field, std::string_view text, bool& comma);
  // The same for a google.protobuf.Timestamp, which is valid.
  void AppendTimestampMember(const JsonField& field, Instant time, bool& comma);
  // The same for a number whose digits are its JSON.
  void AppendNumberMember(const JsonField& field, std::string_view digits, bool& comma);

  // Appends the scalar at the end of `path`, which is not empty, as plain text.
  bool AppendText(const JsonType& type, std::string_view wire,
                  std::span<const google::protobuf::FieldDescriptor* const> path);

  const std::string& problem() const { return problem_; }

 private:
  // Finds the fields of a message. False if `wire` is no message.
  bool FindFields(const JsonType& type, std::string_view wire, FieldPlaces& places);
  // Adds a value that is from `begin` to `end` in the message's bytes. False if it is none of the
  // field's.
  bool AddValue(const JsonField& field, WireField& value, size_t begin, size_t end,
                FieldPlace& place);
  // Appends a field of an object, as AppendMember.
  bool AppendMember(const JsonField& field, std::string_view wire, const FieldPlace& place,
                    const FieldSelection* inner, bool& comma, int depth);
  bool AppendObject(const JsonType& type, std::string_view wire, const FieldSelection* selection,
                    int depth);
  // Appends the fields with commas between, and before the first if `comma`.
  bool AppendFields(const JsonType& type, std::string_view wire, const FieldSelection* selection,
                    bool comma, int depth);
  bool AppendField(const JsonField& field, std::string_view wire, const FieldPlace& place,
                   const FieldSelection* inner, int depth);
  bool AppendList(const JsonField& field, std::string_view wire, const FieldPlace& place,
                  const FieldSelection* inner, int depth);
  bool AppendMap(const JsonField& field, std::string_view wire, const FieldPlace& place,
                 const FieldSelection* inner, int depth);
  // Appends one value: the field's, or one of its list or map.
  bool AppendValue(const JsonField& field, uint64_t number, std::string_view bytes,
                   const FieldSelection* inner, int depth);
  void BeginMember(const JsonField& field, bool& comma);
  bool AppendString(std::string_view text);
  void AppendElements();

  // Messages with a form of their own (well_known_forms.cc).
  bool AppendAny(const JsonType& type, std::string_view wire, int depth);
  bool AppendDuration(std::string_view wire);
  bool AppendFieldMask(std::string_view wire);
  bool AppendTimestamp(std::string_view wire);
  void AppendTimestamp(Instant time);
  bool AppendDynamicValue(const JsonType& type, std::string_view wire, int depth);
  // Struct, ListValue and wrappers: the JSON of their only field.
  bool AppendOnlyField(const JsonType& type, std::string_view wire, int depth);

  bool Fail(std::string_view problem);

  JsonTypes& types_;
  std::string& out_;
  const FieldSet* const hidden_;
  const google::protobuf::FieldDescriptor* elements_field_ = nullptr;
  std::string_view elements_;
  std::forward_list<std::string> joined_;  // messages that came in parts
  std::string problem_;
};

}  // namespace dataservice
