// What a column's Protobuf type allows and its PostgreSQL type does not say.
#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/checks.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

std::string KnownNumbers(const google::protobuf::EnumDescriptor& type) {
  std::string out;
  for (int i = 0; i < type.value_count(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : ", ", type.value(i)->number());
  }
  return out;
}

// The scalar behind the column: its own, or that of its wrapper.
const FieldDescriptor& Scalar(const Column& column) {
  return column.wrapper ? *column.field->message_type()->FindFieldByNumber(1) : *column.field;
}

// What jsonb_typeof() says of the ProtoJSON of a jsonb column's field; empty where it may
// be anything.
std::string_view JsonTypeOf(const FieldDescriptor& field) {
  if (field.is_map()) return "object";
  if (field.is_repeated()) return "array";
  switch (field.message_type()->well_known_type()) {
    case google::protobuf::Descriptor::WELLKNOWNTYPE_VALUE:
      return "";
    case google::protobuf::Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return "array";
    case google::protobuf::Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return "string";
    default:
      return "object";
  }
}

}  // namespace

void AddTypeChecks(ColumnChecks& checks) {
  const Column& column = checks.column();
  const std::string& c = checks.name();
  // Of an array, each element: `x <= ALL (array)`.
  const auto range = [&](std::string_view low, std::string_view high, const char* less) {
    const absl::string_view from(low.data(), low.size());
    const absl::string_view to(high.data(), high.size());
    if (column.array) {
      checks.Add("type",
                 absl::StrCat(from, " <= ALL (", c, ") AND ", to, " ",
                              std::string_view(less) == "<" ? ">" : ">=", " ALL (", c, ")"));
    } else {
      checks.Add("type", absl::StrCat(c, " >= ", from, " AND ", c, " ", less, " ", to));
    }
  };
  switch (column.type) {
    case ColumnType::kBigint:
      if (Scalar(column).cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
        range("0", "4294967295", "<=");
      }
      break;
    case ColumnType::kNumeric:
      range("0", "18446744073709551615", "<=");
      break;
    case ColumnType::kEnum: {
      const std::string numbers = KnownNumbers(*column.field->enum_type());
      checks.Add("type", column.array ? absl::StrCat(c, " <@ ARRAY[", numbers, "]")
                                      : absl::StrCat(c, " IN (", numbers, ")"));
      break;
    }
    case ColumnType::kTimestamp:
      range("'0001-01-01 00:00:00+00'::timestamptz", "'10000-01-01 00:00:00+00'::timestamptz", "<");
      break;
    case ColumnType::kInterval:
      range("'-87660000:00:00.999999'::interval", "'87660000:00:00.999999'::interval", "<=");
      // A month has no length in seconds.
      checks.Add("months", absl::StrCat("date_part('year', ", c, ") = 0 AND date_part('month', ", c,
                                        ") = 0"));
      break;
    case ColumnType::kDate:
      range("'0001-01-01'::date", "'9999-12-31'::date", "<=");
      break;
    case ColumnType::kJsonb:
      if (const std::string_view type = JsonTypeOf(*column.field); !type.empty()) {
        checks.Add("type", absl::StrCat("jsonb_typeof(", c, ") = ", Literal(type)));
      }
      break;
    default:
      break;
  }
  if (column.array) {
    // The contract's arrays have one dimension and no NULL.
    checks.Add("array", absl::StrCat("coalesce(array_ndims(", c, "), 1) = 1 AND array_position(", c,
                                     ", NULL) IS NULL"));
  }
}

}  // namespace dataservice
