#include "schema/breaking/storage.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/claims.h"
#include "contract/options.h"
#include "postgres/text.h"
#include "schema/breaking/json.h"
#include "schema/breaking/oneofs.h"
#include "schema/breaking/rules.h"

namespace dataservice::breaking {
namespace {

using Matches = std::map<const Resource*, const Resource*>;

const Column* FindNumber(const Resource& resource, int number) {
  for (const Column& column : resource.columns) {
    if (column.number == number) return &column;
  }
  return nullptr;
}

const Column* FindName(const Resource& resource, const std::string& name) {
  const int position = resource.Find(name);
  return position < 0 ? nullptr : &resource.column(position);
}

// The resource with the rows of `old`: the one with its message, or else the one with its table.
const Resource* Match(const Resource& old, const Contract& after) {
  const Resource* same_table = nullptr;
  for (const auto& resource : after.resources()) {
    if (resource->message->full_name() == old.message->full_name()) return resource.get();
    if (TableName(*resource) == TableName(old)) same_table = resource.get();
  }
  return same_table;
}

std::set<int> NumbersOf(const Resource& resource, const Index& index) {
  std::set<int> numbers;
  for (const int i : index.columns) {
    numbers.insert(resource.column(i).number);
  }
  return numbers;
}

const char* OnDeleteText(storage::v1::OnDelete on_delete) {
  switch (on_delete) {
    case storage::v1::ON_DELETE_CASCADE:
      return "ON_DELETE_CASCADE";
    case storage::v1::ON_DELETE_SET_NULL:
      return "ON_DELETE_SET_NULL";
    default:
      return "ON_DELETE_RESTRICT";
  }
}

class ResourceComparison {
 public:
  ResourceComparison(const Resource& before, const Resource& after, const Matches& matches,
                     JsonComparison& json, Findings& findings)
      : before_(before), after_(after), matches_(matches), json_(json), findings_(findings) {}

  void Compare() {
    CompareTable();
    CompareOwner();
    for (const Column& column : before_.columns) CompareColumn(column);
    for (const Column& column : after_.columns) CheckAdded(column);
    AddOneofChanges(*before_.message, *after_.message, findings_);
    for (const Index& index : after_.indexes) CheckUnique(index);
  }

 private:
  void CompareTable() {
    const std::string& name = before_.message->full_name();
    if (name != after_.message->full_name()) {
      findings_.Add("RESOURCE_RENAMED", name,
                    absl::StrCat("its table ", TableName(before_), " is that of ",
                                 after_.message->full_name(),
                                 ", and a table is known by its message; keep the name"));
    }
    if (TableName(before_) != TableName(after_)) {
      findings_.Add("TABLE_RENAMED", name,
                    absl::StrCat("was ", TableName(before_), ", is ", TableName(after_),
                                 ": the tool renames the table, and servers of the old contract "
                                 "fail from then on; keep it with (storage.v1.table).name and "
                                 ".schema"));
    }
    if (before_.key_column().number != after_.key_column().number) {
      findings_.Add(
          "KEY_CHANGED", name,
          absl::StrCat("was ", before_.key_column().name, ", is ", after_.key_column().name,
                       ": rows are found by another value, which may be there twice; "
                       "keep the key, and give the other field a unique index"));
    }
  }

  static std::string OwnerText(const Resource& resource) {
    if (!resource.has_owner()) return "none";
    return absl::StrCat(resource.owner_column().name, " (claim ", resource.owner_claim,
                        resource.public_read ? ", public_read)" : ")");
  }

  void CompareOwner() {
    const std::string was = OwnerText(before_);
    const std::string is = OwnerText(after_);
    if (was == is) return;
    findings_.Add(
        "OWNER_CHANGED", before_.message->full_name(),
        absl::StrCat("its owner was ", was, ", is ", is,
                     ": callers see other rows than before, and the primary key can change; "
                     "keep it, or make a new resource and move the rows over"));
  }

  void CompareColumn(const Column& was) {
    const std::string& element = was.field->full_name();
    const Column* is = FindNumber(after_, was.number);
    const Column* same_name = FindName(after_, was.name);
    const bool moved = same_name != nullptr && same_name != is;
    if (moved) {
      findings_.Add("COLUMN_NUMBER_CHANGED", element,
                    absl::StrCat("was ", was.number, ", is ", same_name->number,
                                 ": a column is known by its number, so that its values are not "
                                 "found; give the number back"));
    }
    if (is == nullptr) {
      if (!moved) CheckRemoved(was);
    } else if (is->name != was.name && (moved || !MayBeRenamed(was, *is))) {
      findings_.Add("COLUMN_NUMBER_REUSED", element,
                    absl::StrCat("its number ", was.number, " is that of ", is->name,
                                 ", which would get its values; give that one another number"));
    } else {
      CompareColumns(before_, was, after_, *is, json_, findings_);
      CompareReference(was, *is);
    }
  }

  void CheckRemoved(const Column& was) {
    const bool field_is_there = after_.message->FindFieldByNumber(was.number) != nullptr;
    findings_.Add("COLUMN_REMOVED", was.field->full_name(),
                  absl::StrCat(field_is_there ? "is not stored any more" : "is gone",
                               ", and its values in ", TableName(before_),
                               " with it; keep the field (deprecated = true), or copy them first"));
  }

  // Columns that the existing rows do not have.
  void CheckAdded(const Column& column) {
    if (FindNumber(before_, column.number) != nullptr) return;
    const std::string& element = column.field->full_name();
    if (before_.message->IsReservedNumber(column.number)) {
      findings_.Add("COLUMN_NUMBER_REUSED", element,
                    absl::StrCat("its number ", column.number,
                                 " was reserved: where the table "
                                 "still has the column that once had it, its values come back as "
                                 "this one's; take another number"));
    }
    if (FindName(before_, column.name) == nullptr && RefusesAbsence(*column.field)) {
      findings_.Add("REQUIRED_COLUMN_ADDED", element,
                    "is new, and the rows that there are have no value that it allows; let it be "
                    "`optional`, or allow the zero of its type");
    }
  }

  void CompareReference(const Column& was, const Column& is) {
    if (!is.reference) return;
    const std::string& element = was.field->full_name();
    const std::string& target = is.reference->resource->message->full_name();
    if (!was.reference) {
      findings_.Add("REFERENCE_ADDED", element,
                    absl::StrCat("refers to ", target,
                                 ", and rows may hold what is no key of it; "
                                 "add a field with the reference beside it, or clean the rows "
                                 "first"));
      return;
    }
    const auto same = matches_.find(was.reference->resource);
    if (same == matches_.end() || same->second != is.reference->resource) {
      findings_.Add("REFERENCE_TARGET_CHANGED", element,
                    absl::StrCat("referred to ", was.reference->resource->message->full_name(),
                                 ", refers to ", target,
                                 ": rows hold keys of the former; add a field beside it"));
    }
    const std::string before = OnDeleteText(was.reference->on_delete);
    const std::string after = OnDeleteText(is.reference->on_delete);
    if (before != after) {
      findings_.Add("ON_DELETE_CHANGED", element,
                    absl::StrCat("was ", before, ", is ", after,
                                 ": deletions take other rows with them, or are refused; keep it"));
    }
  }

  void CheckUnique(const Index& index) {
    if (!index.unique) return;
    const std::set<int> numbers = NumbersOf(after_, index);
    std::vector<std::string> names;
    for (const int i : index.columns) {
      const Column& column = after_.column(i);
      names.push_back(column.name);
      // Existing rows have NULL in it, and NULLs never conflict.
      if (column.nullable && FindNumber(before_, column.number) == nullptr) return;
    }
    if (numbers.contains(before_.key_column().number)) return;
    const bool implied =
        std::any_of(before_.indexes.begin(), before_.indexes.end(), [&](const Index& old) {
          const std::set<int> were = NumbersOf(before_, old);
          return old.unique &&
                 std::includes(numbers.begin(), numbers.end(), were.begin(), were.end());
        });
    if (implied) return;
    findings_.Add("UNIQUE_INDEX_ADDED", before_.message->full_name(),
                  absl::StrCat("rows may have the same ", absl::StrJoin(names, ", "),
                               ", and cannot any more; drop `unique`, or make them differ first"));
  }

  const Resource& before_;
  const Resource& after_;
  const Matches& matches_;
  JsonComparison& json_;
  Findings& findings_;
};

void CompareClaims(const Contract& before, const Contract& after, Findings& findings) {
  const std::set<std::string> schemas = ClaimSchemas(after.resources());
  for (const std::string& schema : ClaimSchemas(before.resources())) {
    if (schemas.contains(schema)) continue;
    findings.Add("CLAIMS_REMOVED", absl::StrCat(schema, ".", View(kClaimTable)),
                 "no method of the schema takes a request_id any more: what was carried out "
                 "under one is forgotten, and done again where it is sent again; keep request_id");
  }
}

}  // namespace

void CompareStorage(const Contract& before, const Contract& after, Findings& findings) {
  Matches matches;
  for (const auto& resource : before.resources()) {
    if (const Resource* same = Match(*resource, after)) matches[resource.get()] = same;
  }
  JsonComparison json(findings);
  for (const auto& resource : before.resources()) {
    const auto match = matches.find(resource.get());
    if (match == matches.end()) {
      findings.Add("RESOURCE_REMOVED", resource->message->full_name(),
                   absl::StrCat("is no resource any more, and its table ", TableName(*resource),
                                " belongs to nothing; keep it until its rows are no longer "
                                "needed"));
      continue;
    }
    ResourceComparison(*resource, *match->second, matches, json, findings).Compare();
  }
  CompareClaims(before, after, findings);
}

}  // namespace dataservice::breaking
