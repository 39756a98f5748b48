// Columns whose field still exists.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/breaking/json.h"
#include "schema/breaking/rules.h"
#include "schema/breaking/storage.h"
#include "schema/breaking/types.h"

namespace dataservice::breaking {
namespace {

// Whether the column holds messages: only the same type is compatible.
bool HoldsMessages(const Column& column) {
  return !column.traits().message.empty() || column.type == ColumnType::kJsonb;
}

bool IsText(const Column& column) {
  return column.type == ColumnType::kText || column.type == ColumnType::kUuid;
}

// The length of the text of a UUID.
constexpr int kUuidLength = 36;

TypeDifference CompareTexts(const Column& was, const Column& is) {
  if (is.type == ColumnType::kUuid) {
    return was.type == ColumnType::kUuid ? TypeDifference::kNone : TypeDifference::kNarrower;
  }
  const int longest = was.type == ColumnType::kUuid ? kUuidLength : was.max_length;
  const bool fits = is.max_length == 0 || (longest > 0 && longest <= is.max_length);
  return fits ? TypeDifference::kWider : TypeDifference::kNarrower;
}

TypeDifference CompareTypes(const Column& was, const Column& is) {
  if (was.array != is.array) return TypeDifference::kOther;
  if (HoldsMessages(was) || HoldsMessages(is)) {
    return was.type == is.type ? TypeDifference::kNone : TypeDifference::kOther;
  }
  if (IsText(was) && IsText(is)) return CompareTexts(was, is);
  return CompareScalars(*was.value, *is.value,
                        /*enums_are_names=*/false);
}

bool HasDefault(const Resource& resource, const Column& column) {
  if (&column == &resource.key_column() || column.nullable || column.reference) return false;
  if (column.origin == ColumnOrigin::kOwner) return false;
  return !ZeroLiteral(column).empty();
}

class ColumnComparison {
 public:
  ColumnComparison(const Resource& before, const Column& was, const Resource& after,
                   const Column& is, Findings& findings)
      : before_(before), was_(was), after_(after), is_(is), findings_(findings) {}

  void Compare(JsonComparison& json) {
    if (was_.type == ColumnType::kJsonb && is_.type == ColumnType::kJsonb) {
      json.CompareField(*was_.field, *is_.field);
    }
    const bool not_empty = was_.required && !was_.nullable && !was_.field->has_presence();
    const bool rules = AddRuleChanges(*was_.field, *is_.field,
                                      {.not_empty = not_empty, .skip_required = true}, findings_);
    CompareType(rules);
    CompareEnum();
    ComparePresence();
  }

 private:
  void CompareType(bool reported_as_rule) {
    const std::string change = absl::StrCat("was ", Text(was_), ", is ", Text(is_));
    switch (CompareTypes(was_, is_)) {
      case TypeDifference::kNone:
      case TypeDifference::kWider:
        return;
      case TypeDifference::kNarrower:
        // Rules determine lengths and UUIDs.
        if (IsText(was_) && reported_as_rule) return;
        Add("COLUMN_TYPE_NARROWED",
            absl::StrCat(change,
                         ": values that do not fit are lost, or stop the change; add a "
                         "field of the new type beside it"));
        return;
      case TypeDifference::kOther:
        Add("COLUMN_TYPE_CHANGED",
            absl::StrCat(change,
                         ": the values that there are mean nothing there; add a field of "
                         "the new type beside it"));
        return;
    }
  }

  // The column's type, with the field's type if that has more detail.
  static std::string Text(const Column& column) {
    return absl::StrCat(DdlTypeName(column), " (", column.array ? "repeated " : "",
                        TypeText(*column.field), ")");
  }

  void CompareEnum() {
    if (was_.type != ColumnType::kEnum || is_.type != ColumnType::kEnum) return;
    const auto& type = *was_.field->enum_type();
    std::vector<std::string> gone;
    for (int i = 0; i < type.value_count(); ++i) {
      const auto& value = *type.value(i);
      if (is_.field->enum_type()->FindValueByNumber(value.number()) == nullptr) {
        gone.push_back(absl::StrCat(value.number(), " (", value.name(), ")"));
      }
    }
    if (gone.empty()) return;
    Add("STORED_ENUM_VALUE_REMOVED",
        absl::StrCat("rows may hold ", absl::StrJoin(gone, ", "),
                     ", which is no value any more; keep it (deprecated = true), or change those "
                     "rows first"));
  }

  void ComparePresence() {
    if (is_.required && !was_.required) {
      Add("COLUMN_BECAME_REQUIRED",
          absl::StrCat("rows may hold ", was_.nullable ? "NULL" : "the zero of its type",
                       ", which is refused; fill them in first, or drop REQUIRED"));
    } else if (was_.nullable && !is_.nullable) {
      Add("COLUMN_BECAME_NOT_NULL",
          "rows may hold NULL, and cannot any more; keep it `optional`, or fill them in first");
    }
    // For a new key, this was reported already.
    const bool new_key = &is_ == &after_.key_column();
    if (!new_key && HasDefault(before_, was_) && !HasDefault(after_, is_)) {
      Add("COLUMN_DEFAULT_REMOVED",
          absl::StrCat("had the default ", ZeroLiteral(was_), " and has none: rows hold it where ",
                       "new ones are absent, and what inserts without it gets ",
                       is_.nullable ? "NULL" : "an error", "; add a field beside it"));
    }
  }

  void Add(const char* kind, std::string text) {
    findings_.Add(kind, was_.field->full_name(), std::move(text));
  }

  const Resource& before_;
  const Column& was_;
  const Resource& after_;
  const Column& is_;
  Findings& findings_;
};

}  // namespace

void CompareColumns(const Resource& before, const Column& was, const Resource& after,
                    const Column& is, JsonComparison& json, Findings& findings) {
  ColumnComparison(before, was, after, is, findings).Compare(json);
}

bool MayBeRenamed(const Column& was, const Column& is) {
  return CompareTypes(was, is) != TypeDifference::kOther &&
         LabelText(*was.field) == LabelText(*is.field);
}

}  // namespace dataservice::breaking
