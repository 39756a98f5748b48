#include "contract/file_checks.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "contract/identifiers.h"
#include "contract/options.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

bool IsResource(const Descriptor& message) {
  return message.options().HasExtension(storage::v1::table);
}

bool IsProto3(const FileDescriptor& file) { return file.syntax() == FileDescriptor::SYNTAX_PROTO3; }

void RefuseIdleOptions(const Descriptor& message, Diagnostics& diagnostics) {
  for (int i = 0; i < message.nested_type_count(); ++i) {
    RefuseIdleOptions(*message.nested_type(i), diagnostics);
  }
  if (IsResource(message)) return;
  for (int i = 0; i < message.field_count(); ++i) {
    if (!message.field(i)->options().HasExtension(storage::v1::column)) continue;
    diagnostics.Add(*message.field(i), absl::StrCat("has (storage.v1.column), but ", message.name(),
                                                    " is no resource; drop the option, or give ",
                                                    message.name(), " (storage.v1.table)"));
  }
}

void CheckIdentifier(const Resource& resource, const std::string& name, const std::string& what,
                     Diagnostics& diagnostics) {
  const std::string remedy =
      absl::StrCat("give another with (storage.v1.table).", what == "table" ? "name" : "schema");
  if (name.size() > kMaxIdentifier) {
    diagnostics.Add(*resource.message,
                    absl::StrCat("the name of its ", what, ", ", name,
                                 ", is longer than PostgreSQL's 63 bytes; ", remedy));
  }
  if (name.find('\0') != std::string::npos) {
    diagnostics.Add(*resource.message,
                    absl::StrCat("the name of its ", what, " has a NUL; ", remedy));
  }
}

// Visits each message type that is stored within a message, once.
class StoredMessages {
 public:
  StoredMessages(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Visit(const FieldDescriptor& from) {
    const Descriptor& message = *from.message_type();
    // The messages of Google's packages need no check.
    if (absl::StartsWith(message.full_name(), "google.")) return;
    if (IsResource(message)) {
      diagnostics_.Add(from, absl::StrCat("stores the resource ", message.full_name(),
                                          " within another; refer to it by its key, with "
                                          "(storage.v1.column).references"));
      return;
    }
    if (!seen_.insert(&message).second) return;
    if (!IsProto3(*message.file())) {
      diagnostics_.Add(from, absl::StrCat("stores ", message.full_name(),
                                          ", which is not of a proto3 file; write it in proto3"));
      return;
    }
    for (int i = 0; i < message.field_count(); ++i) {
      RefuseBehaviors(*message.field(i));
      if (message.field(i)->type() == FieldDescriptor::TYPE_MESSAGE) Visit(*message.field(i));
    }
  }

 private:
  void RefuseBehaviors(const FieldDescriptor& field) {
    for (const auto behavior : {google::api::OUTPUT_ONLY, google::api::INPUT_ONLY,
                                google::api::IMMUTABLE, google::api::IDENTIFIER}) {
      if (!HasBehavior(field, behavior)) continue;
      diagnostics_.Add(field, absl::StrCat(google::api::FieldBehavior_Name(behavior),
                                           " is not supported within a stored message; drop that "
                                           "behavior"));
    }
  }

  Diagnostics& diagnostics_;
  std::set<const Descriptor*> seen_;
};

}  // namespace

void CheckFiles(const std::vector<const FileDescriptor*>& files, Diagnostics& diagnostics) {
  std::set<const FileDescriptor*> seen;
  for (const FileDescriptor* file : files) {
    if (!seen.insert(file).second) {
      diagnostics.AddLine(absl::StrCat(file->name(), ": is named twice; name each file once"));
    }
    if (!IsProto3(*file)) {
      diagnostics.AddLine(absl::StrCat(
          file->name(),
          ": is not in proto3, and groups, extensions, defaults and required fields are not "
          "stored; write `syntax = \"proto3\";`"));
    }
    for (int i = 0; i < file->message_type_count(); ++i) {
      RefuseIdleOptions(*file->message_type(i), diagnostics);
    }
  }
}

void CheckTable(const Resource& resource, Diagnostics& diagnostics) {
  CheckIdentifier(resource, resource.table, "table", diagnostics);
  CheckIdentifier(resource, resource.schema, "schema", diagnostics);
  if (absl::StartsWith(resource.schema, "pg_") || resource.schema == "information_schema") {
    diagnostics.Add(*resource.message, absl::StrCat("its schema ", resource.schema,
                                                    " is PostgreSQL's own; give another with "
                                                    "(storage.v1.table).schema"));
  }
  if (resource.columns.size() > kMaxColumns) {
    diagnostics.Add(*resource.message,
                    absl::StrCat("has ", resource.columns.size(),
                                 " stored fields, and PostgreSQL's tables have at most ",
                                 kMaxColumns, " columns; put some into a message field"));
  }
}

void CheckStoredMessages(const Resource& resource, Diagnostics& diagnostics) {
  StoredMessages stored(diagnostics);
  for (const Column& column : resource.columns) {
    if (column.type == ColumnType::kJsonb &&
        column.field->type() == FieldDescriptor::TYPE_MESSAGE) {
      stored.Visit(*column.field);
    }
  }
}

}  // namespace dataservice
