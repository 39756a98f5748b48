#include "serve/request/filter_field.h"

#include <utility>

#include "serve/filter/filter.h"

namespace dataservice {

Condition ReadFilter(const google::protobuf::Message& request,
                     const google::protobuf::FieldDescriptor* filter, const Resource& resource,
                     Values& values, Violations& violations) {
  if (filter == nullptr) return {};
  auto parsed = ParseFilter(request.GetReflection()->GetString(request, filter), resource);
  if (!parsed.ok()) {
    violations.Add(filter->name(), std::string(parsed.status().message()));
    return {};
  }
  for (size_t i = 0; i < parsed->values.size(); ++i) values.Add(*parsed->values[i]);
  return std::move(parsed->condition);
}

}  // namespace dataservice
