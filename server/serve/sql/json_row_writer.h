// Rows of a result -> JSON of the resource's message, without its binary form.
#pragma once

#include <memory>
#include <string>

#include "absl/container/inlined_vector.h"
#include "postgres/query_result.h"
#include "serve/json/json_writer.h"
#include "serve/sql/row_version.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Writes what a JsonWriter makes of the bytes of a RowWriter. Only the bytes of single fields are
// made on the way. Not thread-safe. The statement, which has outputs, and `json`, which is of the
// resource's message, outlive it.
class JsonRowWriter {
 public:
  JsonRowWriter(const Statement& statement, const JsonWriter& json);

  // Appends the object of a row, whose column `first` is the statement's first output. Returns
  // false if the contract or JSON cannot express a value of the row; `column` is then its name,
  // and `out` is not complete.
  bool Append(ResultRow row, int first, std::string& out, std::string& column) const;

 private:
  // What the text of a column's value is.
  enum class Form {
    kString,     // the value of a string
    kTimestamp,  // a google.protobuf.Timestamp
    kInt32,      // a number
    kOther,      // something that is decoded to Protobuf's binary form
  };

  // A field that is written, and where its value is from.
  struct Member {
    const JsonField* field = nullptr;
    int output = -1;    // position in the outputs; -1: the field is unset
    bool etag = false;  // the row's version
    Form form = Form::kOther;
    const FieldSelection* inner = nullptr;  // null: the complete message
  };

  static Form FormOf(const Output& output);
  Member MemberOf(const JsonField& field) const;
  bool AppendMember(const Member& member, ResultRow row, int first, bool& comma,
                    std::string& out) const;
  bool AppendValue(const Member& member, std::string_view text, bool& comma,
                   std::string& out) const;

  const Statement& statement_;
  const Resource& resource_;
  const JsonWriter& json_;
  const RowVersion version_;
  const std::unique_ptr<const FieldSelection> selection_;  // null without a read mask
  absl::InlinedVector<Member, 16> members_;
  mutable std::string etag_;
  mutable std::string wire_;  // of a field
};

}  // namespace dataservice
