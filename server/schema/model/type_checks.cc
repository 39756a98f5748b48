// Restrictions of a column's Protobuf type that its PostgreSQL type does not enforce.
#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/checks.h"

namespace dataservice::schema {
namespace {

using google::protobuf::FieldDescriptor;

std::string KnownNumbers(const google::protobuf::EnumDescriptor& type) {
  std::string out;
  for (int i = 0; i < type.value_count(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : ", ", type.value(i)->number());
  }
  return out;
}

// The result of jsonb_typeof() for the ProtoJSON of a field; empty if any type is possible.
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

// The column's value, or each element of an array, is in the range.
void AddRange(std::string_view lowest, std::string_view highest, bool highest_excluded,
              ColumnChecks& checks) {
  const Expression& c = checks.value();
  if (checks.column().array) {
    checks.Add("type", Concat(View(lowest), " <= ALL (", c, ") AND ", View(highest),
                              highest_excluded ? " > ALL (" : " >= ALL (", c, ")"));
  } else {
    checks.Add("type", Concat(c, " >= ", View(lowest), " AND ", c,
                              highest_excluded ? " < " : " <= ", View(highest)));
  }
}

}  // namespace

void AddTypeChecks(ColumnChecks& checks) {
  const Column& column = checks.column();
  const ColumnTraits& traits = column.traits();
  const Expression& c = checks.value();
  if (!traits.lowest.empty()) {
    AddRange(traits.lowest, traits.highest, traits.highest_excluded, checks);
  }
  if (column.value->cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    AddRange("0", "4294967295", /*highest_excluded=*/false, checks);
  }
  if (column.type == ColumnType::kEnum) {
    const std::string numbers = KnownNumbers(*column.field->enum_type());
    checks.Add("type", column.array ? Concat(c, " <@ ARRAY[", numbers, "]")
                                    : Concat(c, " IN (", numbers, ")"));
  }
  if (column.type == ColumnType::kInterval) {
    // A month has no length in seconds.
    checks.Add("months",
               Concat("date_part('year', ", c, ") = 0 AND date_part('month', ", c, ") = 0"));
  }
  if (column.type == ColumnType::kJsonb) {
    if (const std::string_view type = JsonTypeOf(*column.field); !type.empty()) {
      checks.Add("type", Concat("jsonb_typeof(", c, ") = ", Literal(type)));
    }
  }
  if (column.array) {
    // The contract's arrays have one dimension and no NULL.
    checks.Add("array", Concat("coalesce(array_ndims(", c, "), 1) = 1 AND array_position(", c,
                               ", NULL) IS NULL"));
  }
}

}  // namespace dataservice::schema
