#include "contract/computed_types.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

bool IsUnsigned(const Column& column) {
  const auto type = column.value->cpp_type();
  return type == FieldDescriptor::CPPTYPE_UINT32 || type == FieldDescriptor::CPPTYPE_UINT64;
}

// The types that the function accepts, in words; empty if it accepts `operand`.
std::string_view WrongOperand(storage::v1::Function function, const Column& operand) {
  const bool number = operand.traits().number != NumberKind::kNone;
  switch (function) {
    case storage::v1::FUNCTION_SUM:
    case storage::v1::FUNCTION_AVG:
      return number && !operand.array ? "" : "a number";
    default:
      return operand.traits().min_max && !operand.array
                 ? ""
                 : "a number, text (no UUID), enum, time, duration or date";
  }
}

bool HasCppType(const Column& column, std::initializer_list<FieldDescriptor::CppType> types) {
  return std::find(types.begin(), types.end(), column.value->cpp_type()) != types.end();
}

bool IsSameType(const Column& a, const Column& b) {
  return a.type == b.type && a.value->cpp_type() == b.value->cpp_type() &&
         a.value->enum_type() == b.value->enum_type();
}

// The types that the function returns, in words; empty if the field has one of them.
std::string WrongResult(const ComputedField& computed, const Column* operand) {
  const Column& column = computed.column;
  switch (computed.function) {
    case storage::v1::FUNCTION_COUNT:
      return HasCppType(column, {FieldDescriptor::CPPTYPE_INT32, FieldDescriptor::CPPTYPE_INT64})
                 ? ""
                 : "int32 or int64";
    case storage::v1::FUNCTION_SUM: {
      const bool fits =
          column.type == ColumnType::kDouble ||
          (operand->is_integer() &&
           (HasCppType(column, {FieldDescriptor::CPPTYPE_INT64}) ||
            (IsUnsigned(*operand) && HasCppType(column, {FieldDescriptor::CPPTYPE_UINT64}))));
      if (fits) return "";
      return operand->is_float()    ? "double"
             : IsUnsigned(*operand) ? "int64, uint64 or double"
                                    : "int64 or double";
    }
    case storage::v1::FUNCTION_AVG: {
      const bool fits = column.type == ColumnType::kDouble ||
                        (operand->is_integer() && column.type == ColumnType::kReal);
      return fits ? "" : operand->is_float() ? "double" : "double or float";
    }
    default:
      return IsSameType(column, *operand) ? "" : "the type of the aggregated field";
  }
}

}  // namespace

void CheckComputedTypes(const ComputedField& computed, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *computed.column.field;
  const std::string& function = storage::v1::Function_Name(computed.function);
  const Column* operand = nullptr;
  if (computed.operand >= 0) {
    operand = &computed.source->column(computed.operand);
    const std::string_view wanted = WrongOperand(computed.function, *operand);
    if (!wanted.empty()) {
      diagnostics.Add(field,
                      absl::StrCat(function, " does not accept ", operand->field->full_name(),
                                   "; name a field that is ", View(wanted)));
      return;
    }
  }
  const std::string wanted = WrongResult(computed, operand);
  if (!wanted.empty()) {
    diagnostics.Add(field, absl::StrCat("does not have a type that ", function,
                                        " returns here; make it ", wanted));
    return;
  }
  const bool always = computed.function == storage::v1::FUNCTION_COUNT ||
                      computed.function == storage::v1::FUNCTION_SUM;
  if (!always && !field.has_presence()) {
    diagnostics.Add(field, absl::StrCat(function,
                                        " returns nothing if no row has a value, and the "
                                        "field cannot be absent; make it `optional`"));
  }
}

}  // namespace dataservice
