#include "schema/breaking/clients.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dataservice::breaking {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;

std::string NamesOf(const EnumDescriptor& type, int number) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == number) names.push_back(type.value(i)->name());
  }
  return absl::StrJoin(names, " and ");
}

void CompareEnum(const EnumDescriptor& before, const EnumDescriptor& after, Findings& findings) {
  for (int i = 0; i < before.value_count(); ++i) {
    const auto& value = *before.value(i);
    const std::string element = absl::StrCat(before.full_name(), ".", value.name());
    const auto* same_name = after.FindValueByName(value.name());
    if (same_name != nullptr) {
      if (same_name->number() == value.number()) continue;
      findings.Add("ENUM_VALUE_NUMBER_CHANGED", element,
                   absl::StrCat("was ", value.number(), ", is ", same_name->number(),
                                ": clients read another value; give the number back, and a new "
                                "value a number of its own"));
    } else if (after.FindValueByNumber(value.number()) != nullptr) {
      findings.Add("ENUM_VALUE_RENAMED", element,
                   absl::StrCat(value.number(), " is ", NamesOf(after, value.number()),
                                ": JSON writes and reads the name; keep the old name, or both "
                                "(allow_alias)"));
    } else if (!after.IsReservedNumber(value.number()) || !after.IsReservedName(value.name())) {
      findings.Add("ENUM_VALUE_REMOVED", element,
                   absl::StrCat("was ", value.number(),
                                ", is gone; keep it (deprecated = true), "
                                "or reserve its number and its name"));
    }
  }
}

// Messages and enums have the same reservations except for the type of their ranges: the range of
// an enum includes its end.
template <typename Type>
void CompareReserved(const Type& before, const Type& after, int64_t past_end, Findings& findings) {
  const auto add = [&](const std::string& what) {
    findings.Add("RESERVED_REMOVED", before.full_name(),
                 absl::StrCat(what,
                              " was reserved and is not: what once had it would be read as "
                              "something else; reserve it again"));
  };
  for (int i = 0; i < before.reserved_range_count(); ++i) {
    const int64_t start = before.reserved_range(i)->start;
    const int64_t end = before.reserved_range(i)->end + past_end;
    // A range may be large, but a gap can only begin where a reserved range of `after` ends.
    for (int64_t number = start; number < end;) {
      if (!after.IsReservedNumber(static_cast<int>(number))) {
        add(absl::StrCat("number ", number));
        break;
      }
      int64_t next = number + 1;
      for (int j = 0; j < after.reserved_range_count(); ++j) {
        const auto& range = *after.reserved_range(j);
        if (range.start <= number && range.end + past_end > next) {
          next = range.end + past_end;
        }
      }
      number = next;
    }
  }
  for (int i = 0; i < before.reserved_name_count(); ++i) {
    if (!after.IsReservedName(before.reserved_name(i))) {
      add(absl::StrCat("name ", before.reserved_name(i)));
    }
  }
}

}  // namespace

void CompareClients(const ContractTypes& before, const ContractTypes& after, Findings& findings) {
  for (const std::string& package : before.packages) {
    if (after.packages.contains(package)) continue;
    findings.Add("PACKAGE_REMOVED", package,
                 "is gone with all that it had, and every path of gRPC and every type with it; "
                 "keep the package, and begin another beside it");
  }
  CompareServices(before, after, findings);
  const auto stored = StoredMessages(before);
  const auto answers = AnswerMessages(after);
  for (const auto& [name, message] : before.messages) {
    const auto found = after.messages.find(name);
    if (found != after.messages.end()) {
      CompareFields(*message, *found->second,
                    {.sent = !answers.contains(found->second), .stored = stored.contains(message)},
                    findings);
      CompareReserved(*message, *found->second, 0, findings);
      continue;
    }
    const Descriptor* outer = message->containing_type();
    const bool reported = !after.packages.contains(message->file()->package()) ||
                          (outer != nullptr && !after.messages.contains(outer->full_name()));
    if (!reported) {
      findings.Add("MESSAGE_REMOVED", name,
                   "is gone, or has another name: clients have no other; keep it, and add the new "
                   "one beside it");
    }
  }
  for (const auto& [name, type] : before.enums) {
    const auto found = after.enums.find(name);
    if (found != after.enums.end()) {
      CompareEnum(*type, *found->second, findings);
      CompareReserved(*type, *found->second, 1, findings);
      continue;
    }
    const Descriptor* outer = type->containing_type();
    const bool reported = !after.packages.contains(type->file()->package()) ||
                          (outer != nullptr && !after.messages.contains(outer->full_name()));
    if (!reported) {
      findings.Add("ENUM_REMOVED", name,
                   "is gone, or has another name: clients have no other; keep it");
    }
  }
}

}  // namespace dataservice::breaking
