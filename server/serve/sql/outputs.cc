#include "serve/sql/outputs.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/computed.h"

namespace dataservice {
namespace {

// Outputs by column.
class Columns {
 public:
  explicit Columns(const Resource& resource)
      : resource_(resource), counted_(resource.SetNullColumns()) {}

  Output& At(int column, bool answered) {
    const auto [it, added] = outputs_.try_emplace(column);
    if (added) {
      it->second = {
          .column = &resource_.column(column), .answered = answered, .counted = IsCounted(column)};
    }
    return it->second;
  }

  std::vector<Output> Take() {
    std::vector<Output> out;
    for (auto& [column, output] : outputs_) out.push_back(std::move(output));
    return out;
  }

 private:
  bool IsCounted(int column) const {
    return std::find(counted_.begin(), counted_.end(), column) != counted_.end();
  }

  const Resource& resource_;
  const std::vector<int> counted_;
  std::map<int, Output> outputs_;
};

}  // namespace

std::vector<Output> OutputsOf(const Shape& shape) {
  const Resource& resource = ResourceOf(shape);
  Columns columns(resource);
  const ReadMask* const read_mask = ReadMaskOf(shape);
  if (read_mask == nullptr) {
    for (size_t i = 0; i < resource.columns.size(); ++i) columns.At(static_cast<int>(i), true);
    return columns.Take();
  }
  const ReadMask& mask = *read_mask;
  for (const int i : mask.columns) columns.At(i, true);
  for (const std::string& path : mask.sub_fields) {
    const int column = resource.Find(std::string_view(path).substr(0, path.find('.')));
    columns.At(column, true).sub_fields.push_back(path);
  }
  for (const int i : resource.PrimaryKey()) columns.At(i, false);
  if (mask.etag) {
    columns.At(resource.update_time, false);
    for (const int i : resource.SetNullColumns()) columns.At(i, false);
  }
  if (const auto* list = std::get_if<ListShape>(&shape)) {
    for (const OrderTerm& term : list->order) columns.At(term.column, false);
  }
  std::vector<Output> outputs = columns.Take();
  for (const int i : mask.computed) {
    outputs.push_back({.column = &resource.computed[static_cast<size_t>(i)].column, .computed = i});
  }
  return outputs;
}

namespace {

int PositionOf(const std::vector<Output>& outputs, const Column& column) {
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const Output& output) { return output.column == &column; });
  return static_cast<int>(found - outputs.begin());
}

}  // namespace

int PositionOfKey(const std::vector<Output>& outputs, const Resource& resource) {
  return PositionOf(outputs, resource.key_column());
}

int PositionOfOwner(const std::vector<Output>& outputs, const Resource& resource) {
  return PositionOf(outputs, resource.owner_column());
}

std::string OutputList(const std::vector<Output>& outputs, std::string_view alias) {
  std::string out;
  for (const Output& output : outputs) {
    const std::string name =
        output.computed < 0 ? ColumnName(alias, *output.column) : ComputedColumn(output.computed);
    absl::StrAppend(&out, out.empty() ? "" : ", ", OutputExpression(*output.column, name));
  }
  return out;
}

}  // namespace dataservice
