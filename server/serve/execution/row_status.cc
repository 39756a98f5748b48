#include "serve/execution/row_status.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine_limits.h"
#include "log.h"
#include "postgres/text.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

const Resource& ResourceOf(const WriteWork& work) { return ResourceOf(work.statement->shape); }

const std::string& NameOf(const Resource& resource) { return resource.message->full_name(); }

absl::Status ImmutableChanged(const WriteWork& work, const std::vector<int>& columns) {
  FieldPaths paths;
  for (const int i : columns) {
    paths.push_back(absl::StrCat(View(work.row_field), ".", ResourceOf(work).column(i).name));
  }
  return InvalidFields(paths, "is IMMUTABLE and differs from the stored value");
}

// An upsert returns no row where an IMMUTABLE field differs; the result does not tell which
// one.
absl::Status ImmutableChanged(const WriteWork& work, const UpsertShape& shape) {
  std::vector<int> immutable;
  for (const int i : shape.changes) {
    if (shape.resource->column(i).immutable) immutable.push_back(i);
  }
  return ImmutableChanged(work, immutable);
}

absl::Status PartAbsent() {
  return InvalidArgument(
      "",
      "a message of which the update names parts does not exist, and these parts "
      "alone do not obey its rules: give all that it requires");
}

}  // namespace

absl::Status StatusOfMissingRow(const ReadWork& work) {
  return NotFound(NameOf(ResourceOf(work.statement->shape)), work.key);
}

absl::Status StatusOfMissingRow(const WriteWork& work) {
  if (!work.if_missing.ok()) return work.if_missing;
  // Its request_id was claimed before, and the claim has been deleted since.
  if (work.allow_missing) return DatabaseUnavailable();
  const std::string& name = NameOf(ResourceOf(work));
  const Shape& shape = work.statement->shape;
  if (std::holds_alternative<CreateShape>(shape)) {
    return work.must_not_exist ? MustNotExist(name, work.key) : AlreadyExists(name, work.key);
  }
  if (const auto* upsert = std::get_if<UpsertShape>(&shape)) {
    return upsert->resource->public_read ? NotReplaced(name, work.key)
                                         : ImmutableChanged(work, *upsert);
  }
  return work.must_exist ? EtagMismatch(name, work.key) : NotFound(name, work.key);
}

absl::Status StatusOfVerdict(const WriteWork& work, std::string_view verdict) {
  if (verdict == "ok") return absl::OkStatus();
  const Resource& resource = ResourceOf(work);
  if (verdict == "etag") return EtagMismatch(NameOf(resource), work.key);
  if (verdict == "absent") return PartAbsent();
  // "immutable 3 4": the fields' numbers.
  std::vector<int> changed;
  for (const absl::string_view number :
       absl::StrSplit(absl::StripPrefix(View(verdict), "immutable "), ' ')) {
    for (size_t i = 0; i < resource.columns.size(); ++i) {
      if (number == absl::StrCat(resource.columns[i].number))
        changed.push_back(static_cast<int>(i));
    }
  }
  return ImmutableChanged(work, changed);
}

absl::Status StatusOfUnreadableRow(const Resource& resource, std::string_view key,
                                   const std::string& column) {
  const std::string id = NewLogId();
  LogError("unreadable_row",
           {{"id", id}, {"resource", NameOf(resource)}, {"column", column}, {"key", key}});
  return RowUnreadable(NameOf(resource), key, column, id);
}

absl::Status StatusOfLargeResponse(const std::string& elements_field) {
  return InvalidArgument(
      elements_field, absl::StrCat("the rows of the answer would have more than ", kMaxAnswerBytes,
                                   " bytes; nothing was done: give fewer elements"));
}

}  // namespace dataservice
