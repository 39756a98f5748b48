#include "serve/request/filter_field.h"

#include <utility>

#include "serve/filter/filter.h"

namespace dataservice {

void AddFilter(const Method& method, const google::protobuf::Message& request, Shape& shape,
               Values& values, Violations& violations) {
  if (method.filter == nullptr) return;
  auto filter =
      ParseFilter(request.GetReflection()->GetString(request, method.filter), *method.resource);
  if (!filter.ok()) {
    violations.Add(method.filter->name(), std::string(filter.status().message()));
    return;
  }
  shape.condition = std::move(filter->condition);
  for (size_t i = 0; i < filter->values.size(); ++i) values.Add(*filter->values[i]);
}

}  // namespace dataservice
