// Compares the fields of a message as clients use them.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "contract/options.h"
#include "contract/rules/wrapper.h"
#include "schema/breaking/clients.h"
#include "schema/breaking/oneofs.h"
#include "schema/breaking/rules.h"

namespace dataservice::breaking {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr const char* kBeside = "; add a field with a number and a name of its own beside it";

// Types of the same group can read each other's bytes (Protocol Buffers, "Updating A Message
// Type"). A type of group 0 can be read only as itself.
int WireGroup(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_BOOL:
    case FieldDescriptor::TYPE_ENUM:
      return 1;
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SINT64:
      return 2;
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return 3;
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return 4;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
      return 5;
    default:
      return 0;
  }
}

// The form of one value in ProtoJSON.
std::string JsonForm(const FieldDescriptor& field) {
  const FieldDescriptor& value = UnwrappedField(field);
  switch (value.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "a string of digits";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat("a name of ", value.enum_type()->full_name());
    case FieldDescriptor::CPPTYPE_STRING:
      return value.type() == FieldDescriptor::TYPE_BYTES ? "base64" : "a string";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return absl::StrCat("a ", value.message_type()->full_name());
  }
  return "";
}

std::string ChangeOfEncoding(const FieldDescriptor& before, const FieldDescriptor& after) {
  if (before.is_map() && after.is_map()) {
    const auto* was_key = before.message_type()->map_key();
    if (was_key->type() != after.message_type()->map_key()->type()) {
      return "protobuf's bytes of the keys are not compatible";
    }
    return ChangeOfEncoding(*before.message_type()->map_value(),
                            *after.message_type()->map_value());
  }
  const int group = WireGroup(before);
  const bool wire = group != 0 && group == WireGroup(after);
  const std::string was = JsonForm(before);
  const std::string is = JsonForm(after);
  if (was != is) {
    return absl::StrCat("protobuf's bytes are ",
                        wire ? "compatible, but JSON has " : "not compatible, and JSON has ", is,
                        " where it had ", was);
  }
  return wire ? "protobuf's bytes and JSON are compatible, but not every value, nor generated code"
              : "protobuf's bytes are not compatible, though JSON is";
}

class FieldComparison {
 public:
  FieldComparison(const FieldDescriptor& before, const FieldDescriptor& after, MessageUse use,
                  Findings& findings)
      : before_(before), after_(after), use_(use), findings_(findings) {}

  void Compare() {
    const std::string was = TypeText(before_);
    const std::string is = TypeText(after_);
    // A field that becomes a map, or is no longer one, has another label.
    if (was != is && before_.is_map() == after_.is_map()) {
      Add("FIELD_TYPE_CHANGED",
          absl::StrCat("was ", was, ", is ", is, ": ", ChangeOfEncoding(before_, after_), kBeside));
    }
    if (LabelText(before_) != LabelText(after_)) {
      Add("FIELD_LABEL_CHANGED",
          absl::StrCat("was ", LabelText(before_), ", is ", LabelText(after_), kBeside));
    } else {
      ComparePresence();
    }
    // A change of the name was reported already.
    if (before_.name() == after_.name() && before_.json_name() != after_.json_name()) {
      Add("FIELD_JSON_NAME_CHANGED", absl::StrCat("was ", before_.json_name(), ", is ",
                                                  after_.json_name(), "; keep it with json_name"));
    }
    if (use_.sent) CompareBehaviors();
    if (use_.sent && !use_.stored) {
      AddRuleChanges(before_, after_, {.skip_required = true}, findings_);
    }
  }

 private:
  void ComparePresence() {
    const auto* was = before_.real_containing_oneof();
    const auto* is = after_.real_containing_oneof();
    if ((was == nullptr) != (is == nullptr) || (was != nullptr && was->name() != is->name())) {
      const auto text = [](const google::protobuf::OneofDescriptor* oneof) {
        return oneof == nullptr ? std::string("none") : oneof->name();
      };
      Add("FIELD_ONEOF_CHANGED",
          absl::StrCat("its oneof was ", text(was), ", is ", text(is),
                       ": setting one member clears the others; leave it where it was"));
    } else if ((before_.message_type() == nullptr) != (after_.message_type() == nullptr)) {
      return;  // the change of the type was reported already
    } else if (before_.has_presence() && !after_.has_presence()) {
      Add("FIELD_PRESENCE_CHANGED",
          "was optional and is not: clients can no longer tell absent from zero; keep `optional`");
    } else if (!before_.has_presence() && after_.has_presence() && !after_.is_repeated()) {
      Add("FIELD_PRESENCE_CHANGED",
          absl::StrCat("was not optional and is: JSON leaves it out where it wrote a value",
                       kBeside));
    }
  }

  void CompareBehaviors() {
    const auto became = [&](google::api::FieldBehavior behavior) {
      return HasBehavior(after_, behavior) && !HasBehavior(before_, behavior);
    };
    if (IsRequired(after_) && !IsRequired(before_)) {
      Add("FIELD_BECAME_REQUIRED",
          "requests without it are refused; enforce it where the value is made, or take the old "
          "requests in a method of their own");
    }
    if (became(google::api::OUTPUT_ONLY)) {
      Add("FIELD_BECAME_OUTPUT_ONLY", absl::StrCat("what clients send in it is ignored", kBeside));
    }
    const bool was_fixed = HasBehavior(before_, google::api::IDENTIFIER);
    if (became(google::api::IMMUTABLE) && !was_fixed) {
      Add("FIELD_BECAME_IMMUTABLE", absl::StrCat("updates that change it are refused", kBeside));
    }
  }

  void Add(const char* kind, std::string text) {
    findings_.Add(kind, before_.full_name(), std::move(text));
  }

  const FieldDescriptor& before_;
  const FieldDescriptor& after_;
  const MessageUse use_;
  Findings& findings_;
};

// Whether a field with another name may be the same one.
bool MayBeRenamed(const FieldDescriptor& before, const FieldDescriptor& after) {
  return TypeText(before) == TypeText(after) && LabelText(before) == LabelText(after);
}

class MessageComparison {
 public:
  MessageComparison(const Descriptor& before, const Descriptor& after, MessageUse use,
                    Findings& findings)
      : before_(before), after_(after), use_(use), findings_(findings) {}

  void Compare() {
    for (int i = 0; i < before_.field_count(); ++i) CompareField(*before_.field(i));
    if (!use_.sent) return;
    for (int i = 0; i < after_.field_count(); ++i) CheckAdded(*after_.field(i));
    if (!use_.stored) AddOneofChanges(before_, after_, findings_);
  }

 private:
  void CompareField(const FieldDescriptor& field) {
    const FieldDescriptor* same_number = after_.FindFieldByNumber(field.number());
    const FieldDescriptor* same_name = after_.FindFieldByName(field.name());
    if (same_number != nullptr && same_number == same_name) {
      FieldComparison(field, *same_number, use_, findings_).Compare();
      return;
    }
    if (same_name != nullptr) {
      findings_.Add("FIELD_NUMBER_CHANGED", field.full_name(),
                    absl::StrCat("was ", field.number(), ", is ", same_name->number(),
                                 ": what clients send is not found; give the number back"));
    }
    if (same_number == nullptr) {
      if (same_name == nullptr) CheckRemoved(field);
      return;
    }
    if (same_name == nullptr && MayBeRenamed(field, *same_number)) {
      findings_.Add(
          "FIELD_RENAMED", field.full_name(),
          absl::StrCat("is ", same_number->name(),
                       same_number->json_name() == field.json_name() ? ", though not in JSON"
                                                                     : ", also in JSON",
                       "; keep the name, or, if it is another field, take another "
                       "number"));
      FieldComparison(field, *same_number, use_, findings_).Compare();
      return;
    }
    findings_.Add("FIELD_NUMBER_REUSED", field.full_name(),
                  absl::StrCat("its number ", field.number(), " is ", same_number->name(), " (",
                               TypeText(*same_number), ") now; give that one another number"));
  }

  void CheckRemoved(const FieldDescriptor& field) {
    const bool number = after_.IsReservedNumber(field.number());
    const bool name = after_.IsReservedName(field.name());
    if (number && name) return;
    findings_.Add("FIELD_REMOVED", field.full_name(),
                  absl::StrCat("is gone, and ",
                               number ? "its name is"
                               : name ? "its number is"
                                      : "its number and its name are",
                               " free for another; keep it (deprecated = true), or `reserved ",
                               field.number(), "; reserved \"", field.name(), "\";`"));
  }

  // Reports a required field that old clients do not send.
  void CheckAdded(const FieldDescriptor& field) {
    if (before_.FindFieldByNumber(field.number()) != nullptr ||
        before_.FindFieldByName(field.name()) != nullptr || !RefusesAbsence(field)) {
      return;
    }
    findings_.Add("REQUIRED_FIELD_ADDED", field.full_name(),
                  "is new, and requests without it are refused; let it be absent or zero");
  }

  const Descriptor& before_;
  const Descriptor& after_;
  const MessageUse use_;
  Findings& findings_;
};

}  // namespace

void CompareFields(const Descriptor& before, const Descriptor& after, MessageUse use,
                   Findings& findings) {
  MessageComparison(before, after, use, findings).Compare();
}

}  // namespace dataservice::breaking
