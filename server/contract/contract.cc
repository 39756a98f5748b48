#include "contract/contract.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "contract/any_types.h"
#include "contract/batch_methods.h"
#include "contract/columns.h"
#include "contract/computed.h"
#include "contract/diagnostics.h"
#include "contract/field_checks.h"
#include "contract/file_checks.h"
#include "contract/import_response.h"
#include "contract/index_checks.h"
#include "contract/methods.h"
#include "contract/names.h"
#include "contract/options.h"
#include "contract/own_tables.h"
#include "contract/owner_checks.h"
#include "view.h"

namespace dataservice {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

const Resource* Contract::FindResource(const Descriptor* message) const {
  for (const auto& resource : resources_) {
    if (resource->message == message) return resource.get();
  }
  return nullptr;
}

const Validator* Contract::FindValidator(const Descriptor* message) const {
  for (const auto& [type, validator] : validators_) {
    if (type == message) return validator.get();
  }
  return nullptr;
}

namespace {

// A new row may leave its key to the server; methods that need the key check it themselves.
// Clients may send OUTPUT_ONLY fields back, which are ignored.
FieldTreatment TreatmentOf(const FieldDescriptor& field) {
  if (HasBehavior(field, google::api::IDENTIFIER)) return FieldTreatment::kMayBeEmpty;
  if (HasBehavior(field, google::api::OUTPUT_ONLY)) return FieldTreatment::kIgnore;
  return FieldTreatment::kCheck;
}

}  // namespace

// Builds the contract in passes: resources, then references and indexes, then methods.
class ContractBuilder {
 public:
  absl::StatusOr<std::unique_ptr<Contract>> Build(const std::vector<const FileDescriptor*>& files) {
    CheckFiles(files, diagnostics_);
    any_types_ = std::make_shared<AnyTypes>(files);
    for (const FileDescriptor* file : files) AddRequests(*file);
    for (const FileDescriptor* file : files) {
      for (int i = 0; i < file->message_type_count(); ++i) AddResource(*file->message_type(i));
    }
    RefuseSharedTables();
    for (const auto& resource : contract_->resources_) {
      ResolveReferences(*resource);
      ResolveIndexes(*resource);
      CheckIndexes(*resource, diagnostics_);
      CheckStoredMessages(*resource, diagnostics_);
      AddValidator(resource->message);
      AddStoredMessages(*resource->message);
    }
    AddReferrers();
    for (const auto& resource : contract_->resources_) {
      ResolveComputed(*resource, contract_->resources_, diagnostics_);
    }
    CheckReferenceCycles(contract_->resources_, diagnostics_);
    CheckOwners(contract_->resources_, diagnostics_);
    OrderByReference();
    for (const FileDescriptor* file : files) {
      for (int i = 0; i < file->service_count(); ++i) AddService(*file->service(i));
    }
    LinkElements(contract_->methods_, refused_methods_, diagnostics_);
    ResolveImports(contract_->methods_, refused_methods_, diagnostics_);
    CheckOwnTables(contract_->resources_, diagnostics_);
    if (contract_->resources_.empty()) {
      diagnostics_.AddLine(
          "the contract has no resource; give a message `option (storage.v1.table) = {};`");
    }
    if (!diagnostics_.empty()) return absl::InvalidArgumentError(diagnostics_.Text());
    return std::move(contract_);
  }

 private:
  void AddRequests(const FileDescriptor& file) {
    for (int i = 0; i < file.service_count(); ++i) {
      for (int j = 0; j < file.service(i)->method_count(); ++j) {
        requests_.insert(file.service(i)->method(j)->input_type());
      }
    }
  }

  void AddResource(const Descriptor& message) {
    for (int i = 0; i < message.nested_type_count(); ++i) AddResource(*message.nested_type(i));
    if (!message.options().HasExtension(storage::v1::table)) return;
    const auto& table = message.options().GetExtension(storage::v1::table);
    auto resource = std::make_unique<Resource>();
    resource->message = &message;
    resource->prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&message);
    resource->schema =
        table.schema().empty() ? SchemaOfPackage(message.file()->package()) : table.schema();
    resource->table = table.name().empty() ? SnakeCase(message.name()) : table.name();
    for (int i = 0; i < message.field_count(); ++i) AddField(*message.field(i), *resource);
    if (resource->key < 0) {
      diagnostics_.Add(message,
                       "has no key; give one field [(google.api.field_behavior) = IDENTIFIER]");
    }
    if (resource->etag != nullptr && resource->update_time < 0) RefuseEtag(*resource);
    CheckTable(*resource, diagnostics_);
    contract_->resources_.push_back(std::move(resource));
  }

  void RefuseEtag(const Resource& resource) {
    const auto* time = resource.message->FindFieldByName("update_time");
    if (time == nullptr) {
      diagnostics_.Add(*resource.etag,
                       "is computed from update_time, which the message lacks; add "
                       "`google.protobuf.Timestamp update_time` with field_behavior OUTPUT_ONLY");
    } else {
      diagnostics_.Add(*time,
                       "determines the etag; it must be a google.protobuf.Timestamp with "
                       "field_behavior OUTPUT_ONLY");
    }
  }

  void AddField(const FieldDescriptor& field, Resource& resource) {
    if (field.name() == "etag") CheckEtag(field, diagnostics_);
    if (IsEtag(field)) {
      resource.etag = &field;
      return;
    }
    if (IsComputed(field)) {
      resource.computed.push_back(BuildComputed(field, diagnostics_));
      return;
    }
    const int position = static_cast<int>(resource.columns.size());
    Column column = BuildColumn(field, diagnostics_);
    CheckColumn(column, diagnostics_);
    if (HasBehavior(field, google::api::IDENTIFIER)) {
      if (resource.key >= 0) {
        diagnostics_.Add(field, "is a second key; a resource has one: drop IDENTIFIER");
      }
      CheckKey(column, diagnostics_);
      resource.key = position;
    }
    if (column.origin == ColumnOrigin::kCreateTime) resource.create_time = position;
    if (column.origin == ColumnOrigin::kUpdateTime) resource.update_time = position;
    if (column.origin == ColumnOrigin::kOwner) {
      if (resource.has_owner()) {
        diagnostics_.Add(field, "is a second owner; a resource has one: drop (storage.v1.column)");
      }
      CheckOwner(column, diagnostics_);
      resource.owner = position;
      const auto& option = field.options().GetExtension(storage::v1::column).owner();
      resource.owner_claim = option.claim();
      resource.public_read = option.public_read();
    }
    resource.columns.push_back(std::move(column));
  }

  void RefuseSharedTables() {
    std::map<std::string, const Descriptor*> owners;
    for (const auto& resource : contract_->resources_) {
      const std::string name = absl::StrCat(resource->schema, ".", resource->table);
      const auto [it, added] = owners.emplace(name, resource->message);
      if (!added) {
        diagnostics_.Add(*resource->message,
                         absl::StrCat("and ", it->second->full_name(), " have the same table ",
                                      name, "; name one of them with (storage.v1.table).name"));
      }
    }
  }

  void ResolveReferences(Resource& resource) {
    for (Column& column : resource.columns) {
      const auto& option = column.field->options().GetExtension(storage::v1::column);
      if (!option.has_references()) continue;
      CheckReference(column, diagnostics_);
      const std::string& name = option.references().resource();
      const Resource* target = FindByName(contract_->resources_, name, *resource.message);
      if (target == nullptr) {
        diagnostics_.Add(
            *column.field,
            absl::StrCat("refers to ", name.empty() ? "nothing" : name,
                         ", which is not a resource of the contract; name a message that has "
                         "(storage.v1.table)"));
        continue;
      }
      if (target->key >= 0 && IsKeyType(target->key_column()) && !column.field->is_repeated() &&
          target->key_column().type != column.type) {
        diagnostics_.Add(
            *column.field,
            absl::StrCat("has another type than the key that it refers to, ",
                         target->key_column().field->full_name(), ": ", DdlTypeName(column),
                         " instead of ", DdlTypeName(target->key_column()),
                         "; give both the same type, and string.uuid to both or to neither"));
      }
      const auto on_delete = option.references().on_delete();
      if (on_delete == storage::v1::ON_DELETE_SET_NULL && !column.nullable &&
          !column.field->is_repeated()) {
        diagnostics_.Add(
            *column.field,
            "cannot become absent, which ON_DELETE_SET_NULL needs; drop REQUIRED, and make a "
            "UUID `optional`");
      }
      column.reference = Reference{target, on_delete};
    }
  }

  void AddReferrers() {
    for (const auto& target : contract_->resources_) {
      for (const auto& resource : contract_->resources_) {
        for (size_t i = 0; i < resource->columns.size(); ++i) {
          const auto& reference = resource->columns[i].reference;
          if (reference && reference->resource == target.get()) {
            target->referrers.push_back({resource.get(), static_cast<int>(i)});
          }
        }
      }
    }
  }

  void ResolveIndexes(Resource& resource) {
    for (const auto& option :
         resource.message->options().GetExtension(storage::v1::table).indexes()) {
      Index index;
      index.unique = option.unique();
      const size_t problems = diagnostics_.size();
      if (option.fields().empty()) {
        diagnostics_.Add(*resource.message, "has an index without fields; name at least one");
      }
      for (const std::string& name : option.fields()) {
        const int position = resource.Find(name);
        if (position < 0) {
          const bool computed = resource.FindComputed(name) >= 0;
          diagnostics_.Add(
              *resource.message,
              absl::StrCat("has an index on ", name, ", which is ",
                           computed ? "computed and not stored" : "not a stored field", "; name a ",
                           computed ? "stored " : "", "field of the message"));
          continue;
        }
        const Column& column = resource.column(position);
        if (!column.is_comparable()) {
          diagnostics_.Add(
              *column.field,
              "cannot be indexed, because it is not a single value; remove it from the index");
        }
        if (std::count(index.columns.begin(), index.columns.end(), position) > 0) {
          diagnostics_.Add(*column.field, "occurs twice in one index; name it once");
        }
        index.columns.push_back(position);
      }
      // Checks of the index as a whole would be misleading without its faulty fields.
      if (diagnostics_.size() > problems) continue;
      AddOwner(resource, option, index);
      const bool has_key = std::count(index.columns.begin(), index.columns.end(), resource.key) > 0;
      if (!index.unique && !has_key && resource.key >= 0) index.columns.push_back(resource.key);
      resource.indexes.push_back(std::move(index));
    }
  }

  // Each statement over private rows compares the owner, so that it comes first.
  void AddOwner(const Resource& resource, const storage::v1::Index& option, Index& index) {
    if (option.across_owners()) {
      CheckAcrossOwners(resource, option, diagnostics_);
      return;
    }
    if (!resource.has_owner() || (resource.public_read && !index.unique)) return;
    std::erase(index.columns, resource.owner);
    index.columns.insert(index.columns.begin(), resource.owner);
  }

  // DDL creates tables in this order. A cycle keeps the order of the file.
  void OrderByReference() {
    std::vector<std::unique_ptr<Resource>> ordered;
    std::set<const Resource*> done;
    auto& left = contract_->resources_;
    while (!left.empty()) {
      auto ready = std::find_if(left.begin(), left.end(), [&](const auto& resource) {
        return std::all_of(resource->columns.begin(), resource->columns.end(), [&](const auto& c) {
          return !c.reference || c.reference->resource == resource.get() ||
                 done.contains(c.reference->resource);
        });
      });
      if (ready == left.end()) ready = left.begin();
      done.insert(ready->get());
      ordered.push_back(std::move(*ready));
      left.erase(ready);
    }
    left = std::move(ordered);
  }

  void AddService(const google::protobuf::ServiceDescriptor& service) {
    contract_->services_.push_back(&service);
    for (int i = 0; i < service.method_count(); ++i) {
      const size_t problems = diagnostics_.size();
      auto method = BuildMethod(*service.method(i), *contract_, diagnostics_);
      if (method == nullptr) continue;
      if (diagnostics_.size() > problems) {
        refused_methods_.push_back(std::move(method));
        continue;
      }
      if (IsBatch(method->kind)) {
        AddBatchValidator(method->descriptor->input_type());
      } else {
        AddValidator(method->descriptor->input_type());
      }
      if (RequestIdOf(*method) != nullptr) AddClaims(*method->resource);
      contract_->methods_.push_back(std::move(method));
    }
  }

  void AddClaims(const Resource& of) {
    for (const auto& resource : contract_->resources_) {
      if (resource.get() == &of) resource->claims = true;
    }
  }

  // Compiles the rules of each message type inside `message`: an update may name its fields.
  void AddStoredMessages(const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      const FieldDescriptor& value = field.is_map() ? *field.message_type()->map_value() : field;
      if (value.type() != FieldDescriptor::TYPE_MESSAGE || value.is_repeated()) continue;
      if (contract_->FindValidator(value.message_type()) != nullptr) continue;
      AddValidator(value.message_type());
      if (contract_->FindValidator(value.message_type()) == nullptr) return;
      AddStoredMessages(*value.message_type());
    }
  }

  void AddValidator(const Descriptor* message) { AddValidator(message, TreatmentOf); }

  // Compiles the rules of the request's own fields only. The method of the elements checks the
  // rest, because they differ between a creation and an update.
  void AddBatchValidator(const Descriptor* message) {
    AddValidator(message, [message](const FieldDescriptor& field) {
      return field.containing_type() == message ? FieldTreatment::kCheck : FieldTreatment::kIgnore;
    });
  }

  void AddValidator(const Descriptor* message,
                    std::function<FieldTreatment(const FieldDescriptor&)> treatment) {
    if (contract_->FindValidator(message) != nullptr) return;
    const auto options = ValidatorOptions{
        .known_type = [types = any_types_](std::string_view name) { return types->Contains(name); },
        .is_parameter =
            [this](const FieldDescriptor& field) {
              return requests_.contains(field.containing_type());
            },
        .treatment = std::move(treatment)};
    auto validator = Validator::Compile(message, options);
    if (!validator.ok()) {
      const absl::string_view problems = validator.status().message();
      diagnostics_.AddLines({problems.data(), problems.size()});
      return;
    }
    contract_->validators_.emplace_back(message, *std::move(validator));
  }

  std::unique_ptr<Contract> contract_{new Contract};
  std::vector<std::unique_ptr<Method>> refused_methods_;
  std::shared_ptr<const AnyTypes> any_types_;
  std::set<const Descriptor*> requests_;  // of all methods
  Diagnostics diagnostics_;
};

absl::StatusOr<std::unique_ptr<Contract>> Contract::Build(
    const std::vector<const FileDescriptor*>& files) {
  return ContractBuilder().Build(files);
}

absl::StatusOr<std::unique_ptr<Contract>> Contract::BuildFromGeneratedPool(
    std::string_view file_names) {
  std::vector<const FileDescriptor*> files;
  for (const auto name : absl::StrSplit(View(file_names), ',')) {
    const FileDescriptor* file =
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(std::string(name));
    if (file == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": is not linked into this program; name it in data_service()"));
    }
    files.push_back(file);
  }
  return Build(files);
}

}  // namespace dataservice
