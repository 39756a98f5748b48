// Protobuf's binary form -> ProtoJSON (https://protobuf.dev/programming-guides/json).
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "contract/field_set.h"
#include "postgres/time_text.h"
#include "serve/json/field_selection.h"
#include "serve/json/json_types.h"

namespace dataservice {

// The values of a repeated field as JSON, with commas between; none if the field is null.
struct JsonElements {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string_view text;
};

// Which fields of a message are written.
struct WrittenFields {
  const FieldSelection* selection = nullptr;  // null: all
  // Fields that are left out wherever they are, also where they are selected; null: none.
  const FieldSet* hidden = nullptr;
  // Values that are JSON already and not part of the message.
  JsonElements elements = {};
};

// Writes messages of one type as ProtoJSON without parsing them into an object: fields without
// presence are always written, in the order of the descriptor; the entries of maps in the order
// of their keys; enums by name; no spaces. The content of an Any is found in the pool of the
// message's descriptor. Thread-safe.
//
// The functions append to `out`. They return false, with the reason in `problem` and part of the
// text appended, if `wire` is no such message or ProtoJSON cannot express it: text that is not
// UTF-8, a Timestamp or Duration out of range, a Value without a kind, a FieldMask that
// lowerCamelCase does not give back, an Any of an unknown type, more than 100 levels.
class JsonWriter {
 public:
  explicit JsonWriter(const google::protobuf::Descriptor& message);

  const google::protobuf::Descriptor& message() const { return *type_.message; }
  // The fields, in the order in which they are written.
  const std::vector<JsonField>& fields() const { return type_.fields; }

  // Writes a message, or of it the value of the field `part` if that is not null; null if the
  // field has presence and is not set.
  bool Append(std::string_view wire, const google::protobuf::FieldDescriptor* part,
              const WrittenFields& fields, std::string& out, std::string& problem) const;

  // Writes one of fields() of a message that is an element of a list in the response: its name and
  // its value. `wire` has this field only, or nothing. A comma comes first if `comma`, which
  // becomes true if anything is written.
  bool AppendMember(const JsonField& field, std::string_view wire, const FieldSelection* selection,
                    bool& comma, std::string& out) const;
  // The same for a field of the type string whose value is `text`.
  bool AppendStringMember(const JsonField& field, std::string_view text, bool& comma,
                          std::string& out) const;
  // The same for a google.protobuf.Timestamp, which is valid.
  void AppendTimestampMember(const JsonField& field, Instant time, bool& comma,
                             std::string& out) const;
  // The same for a number whose digits are its JSON.
  void AppendNumberMember(const JsonField& field, std::string_view digits, bool& comma,
                          std::string& out) const;

  // Writes a scalar inside the message as plain text: a string as it is, other values as in JSON
  // but without quotes. `path` has the fields that lead to it, the last one a scalar that is not
  // repeated.
  bool AppendText(std::string_view wire,
                  const std::vector<const google::protobuf::FieldDescriptor*>& path,
                  std::string& out, std::string& problem) const;

 private:
  mutable JsonTypes types_;  // thread-safe
  const JsonType& type_;
};

}  // namespace dataservice
