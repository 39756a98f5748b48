#include "serve/request/read_mask.h"

#include <google/protobuf/field_mask.pb.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/filter/field_type.h"
#include "serve/request/mask_path.h"

namespace dataservice {
namespace {

ReadMask AllFields(const Resource& resource, const FieldSet& hidden) {
  ReadMask mask;
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    if (!hidden.contains(resource.columns[i].field)) mask.columns.push_back(static_cast<int>(i));
  }
  for (size_t i = 0; i < resource.computed.size(); ++i) {
    if (!hidden.contains(resource.computed[i].column.field)) {
      mask.computed.push_back(static_cast<int>(i));
    }
  }
  mask.etag = resource.etag != nullptr && !hidden.contains(resource.etag);
  return mask;
}

class ReadMaskBuilder {
 public:
  explicit ReadMaskBuilder(const Resource& resource) : resource_(resource) {}

  // False where the path names no field.
  bool Add(const std::string& text) {
    const MaskPath path = FindMaskPath(*resource_.message, text);
    if (path.empty()) return false;
    if (path.size() > 1) {
      sub_fields_.insert(TextOf(path));
    } else if (path.front() == resource_.etag) {
      etag_ = true;
    } else if (const int column = resource_.Find(path.front()); column >= 0) {
      columns_.insert(column);
    } else {
      computed_.insert(resource_.FindComputed(path.front()->name()));
    }
    return true;
  }

  ReadMask Take() const {
    ReadMask mask;
    mask.columns.assign(columns_.begin(), columns_.end());
    mask.computed.assign(computed_.begin(), computed_.end());
    mask.etag = etag_;
    for (const std::string& path : sub_fields_) {
      if (!IsWithinAnother(path)) mask.sub_fields.push_back(path);
    }
    return mask;
  }

 private:
  // Whether a message around the field is named, too.
  bool IsWithinAnother(const std::string& path) const {
    const size_t first = path.find('.');
    if (columns_.contains(resource_.Find(std::string_view(path).substr(0, first)))) return true;
    for (size_t dot = path.find('.', first + 1); dot != std::string::npos;
         dot = path.find('.', dot + 1)) {
      if (sub_fields_.contains(path.substr(0, dot))) return true;
    }
    return false;
  }

  const Resource& resource_;
  std::set<int> columns_;
  std::set<int> computed_;
  std::set<std::string> sub_fields_;
  bool etag_ = false;
};

}  // namespace

std::optional<ReadMask> ParseReadMask(const google::protobuf::Message& mask,
                                      const Resource& resource, const FieldSet& hidden,
                                      std::string_view mask_name, Violations& violations) {
  const auto& paths = static_cast<const google::protobuf::FieldMask&>(mask).paths();
  if (paths.empty()) return std::nullopt;
  if (paths.size() > kMaxMaskPaths) {
    violations.Add(mask_name, absl::StrCat("value must have at most ", kMaxMaskPaths, " paths"));
    return std::nullopt;
  }
  if (paths.size() == 1 && paths[0] == "*") {
    return AllFields(resource, hidden);
  }
  ReadMaskBuilder builder(resource);
  for (const std::string& path : paths) {
    if (builder.Add(path)) continue;
    violations.Add(mask_name, path == "*"
                                  ? std::string("* stands for all fields, so it stands alone")
                                  : absl::StrCat("there is no field ", filter::Shortened(path)));
    return std::nullopt;
  }
  return builder.Take();
}

}  // namespace dataservice
