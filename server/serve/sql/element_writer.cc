#include "serve/sql/element_writer.h"

#include "serve/sql/json_row_writer.h"
#include "serve/sql/row_writer.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

class WireElementWriter : public ElementWriter {
 public:
  WireElementWriter(const Statement& statement, int number)
      : rows_(statement), first_(statement.first_column), number_(number) {}

  bool Append(ResultRow row, std::string& out, std::string& column) override {
    OpenField element(number_, size_, out);
    if (!rows_.Append(row, first_, out, column)) return false;
    size_ = element.Close();
    return true;
  }

 private:
  const RowWriter rows_;
  const int first_;
  const int number_;
  size_t size_ = 0;  // bytes of the last element, which are an estimate of those of the next
};

class JsonElementWriter : public ElementWriter {
 public:
  JsonElementWriter(const Statement& statement, const JsonWriter& json)
      : rows_(statement, json), first_(statement.first_column) {}

  bool Append(ResultRow row, std::string& out, std::string& column) override {
    if (!out.empty()) out += ',';
    return rows_.Append(row, first_, out, column);
  }

 private:
  const JsonRowWriter rows_;
  const int first_;
};

}  // namespace

std::unique_ptr<ElementWriter> MakeElementWriter(const Statement& statement, int number,
                                                 const JsonWriter* json) {
  if (json == nullptr) return std::make_unique<WireElementWriter>(statement, number);
  return std::make_unique<JsonElementWriter>(statement, *json);
}

}  // namespace dataservice
