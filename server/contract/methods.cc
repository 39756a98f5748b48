#include "contract/methods.h"

#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "contract/import_response.h"
#include "contract/names.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

struct Prefix {
  std::string_view name;
  MethodKind kind;
};
constexpr std::array<Prefix, 8> kPrefixes = {{{"Get", MethodKind::kGet},
                                              {"List", MethodKind::kList},
                                              {"Create", MethodKind::kCreate},
                                              {"Update", MethodKind::kUpdate},
                                              {"Upsert", MethodKind::kUpsert},
                                              {"Delete", MethodKind::kDelete},
                                              {"Import", MethodKind::kImport},
                                              {"Export", MethodKind::kExport}}};

bool NamesMany(MethodKind kind) {
  return kind == MethodKind::kList || kind == MethodKind::kImport || kind == MethodKind::kExport;
}

// Checks one method; each Take* claims a request field, so that what is left
// over is a field that nobody would read.
class MethodBuilder {
 public:
  MethodBuilder(const MethodDescriptor& descriptor, const Contract& contract,
                Diagnostics& diagnostics)
      : descriptor_(descriptor), contract_(contract), diagnostics_(diagnostics) {}

  std::unique_ptr<Method> Build() {
    if (!Recognise()) {
      method_ = std::make_unique<Method>();
      method_->kind = MethodKind::kCustom;
    }
    method_->path = absl::StrCat("/", descriptor_.service()->full_name(), "/", descriptor_.name());
    method_->descriptor = &descriptor_;
    CheckStreaming();
    switch (method_->kind) {
      case MethodKind::kGet:
        method_->key = TakeKey();
        Answers(*method_->resource->message);
        break;
      case MethodKind::kList:
        BuildList();
        break;
      case MethodKind::kUpdate:
        method_->allow_missing = TakeOptional("allow_missing", FieldDescriptor::TYPE_BOOL);
        method_->update_mask = TakeMessage("update_mask", "google.protobuf.FieldMask");
        [[fallthrough]];
      case MethodKind::kCreate:
      case MethodKind::kUpsert:
        method_->body = TakeBody();
        Answers(*method_->resource->message);
        break;
      case MethodKind::kDelete:
        method_->key = TakeKey();
        method_->etag = TakeOptional("etag", FieldDescriptor::TYPE_STRING);
        method_->allow_missing = TakeOptional("allow_missing", FieldDescriptor::TYPE_BOOL);
        if (method_->etag != nullptr && method_->resource->etag == nullptr) {
          Problem("the request has an etag, but the resource has none; add `string etag` to it");
        }
        if (descriptor_.output_type()->full_name() != "google.protobuf.Empty") {
          Problem("must answer google.protobuf.Empty");
        }
        break;
      case MethodKind::kImport:
        // Its messages are a Create method's (ResolveImports), which reads their fields.
        TakeAll();
        for (const std::string& problem :
             ReadImportResponse(*descriptor_.output_type(), *method_)) {
          Problem(problem);
        }
        break;
      case MethodKind::kExport:
        method_->filter = TakeOptional("filter", FieldDescriptor::TYPE_STRING);
        Answers(*method_->resource->message);
        break;
      case MethodKind::kCustom:
        TakeAll();
        break;
    }
    RefuseTheRest();
    return failed_ ? nullptr : std::move(method_);
  }

 private:
  bool Recognise() {
    const std::string_view name = descriptor_.name();
    for (const Prefix& prefix : kPrefixes) {
      if (!name.starts_with(prefix.name)) continue;
      const std::string_view rest = name.substr(prefix.name.size());
      for (const auto& resource : contract_.resources()) {
        const bool matches = NamesMany(prefix.kind) ? IsPluralOf(rest, *resource->message)
                                                    : rest == resource->message->name();
        if (!matches) continue;
        method_ = std::make_unique<Method>();
        method_->kind = prefix.kind;
        method_->resource = resource.get();
        return true;
      }
    }
    return false;
  }

  void CheckStreaming() {
    const bool in = method_->kind == MethodKind::kImport;
    const bool out = method_->kind == MethodKind::kExport;
    if (descriptor_.client_streaming() == in && descriptor_.server_streaming() == out) return;
    if (in) {
      Problem("must take a stream and answer once: `(stream REQUEST) returns (RESPONSE)`");
    } else if (out) {
      Problem(absl::StrCat("must answer a stream: `(REQUEST) returns (stream ",
                           method_->resource->message->name(), ")`"));
    } else {
      Problem(method_->kind == MethodKind::kCustom
                  ? "is a stream; only Import and Export and a resource's plural are streams"
                  : "is a stream; a standard method of this name is unary");
    }
  }

  void TakeAll() {
    for (int i = 0; i < request().field_count(); ++i) taken_.insert(request().field(i));
  }

  void BuildList() {
    method_->page_size = Take("page_size", FieldDescriptor::TYPE_INT32);
    method_->page_token = Take("page_token", FieldDescriptor::TYPE_STRING);
    method_->filter = TakeOptional("filter", FieldDescriptor::TYPE_STRING);
    method_->order_by = TakeOptional("order_by", FieldDescriptor::TYPE_STRING);
    for (int i = 0; i < request().field_count(); ++i) {
      const FieldDescriptor* field = request().field(i);
      if (taken_.contains(field)) continue;
      const int column = method_->resource->Find(field->name());
      if (column < 0) continue;
      TakeEquality(*field, column);
    }
    const Descriptor& response = *descriptor_.output_type();
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor* field = response.field(i);
      if (field->is_repeated() && field->message_type() == method_->resource->message &&
          method_->rows == nullptr) {
        method_->rows = field;
      } else if (field->name() == "next_page_token" &&
                 field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated()) {
        method_->next_page_token = field;
      } else if (field->name() == "total_size" && !field->is_repeated() &&
                 (field->type() == FieldDescriptor::TYPE_INT32 ||
                  field->type() == FieldDescriptor::TYPE_INT64)) {
        method_->total_size = field;
      } else {
        Problem(absl::StrCat("the response's field ", field->name(),
                             " is not one that a list fills; remove it"));
      }
    }
    if (method_->rows == nullptr) {
      Problem(absl::StrCat("the response lacks a field `repeated ",
                           method_->resource->message->name(), "`"));
    }
    if (method_->next_page_token == nullptr) {
      Problem("the response lacks the field `optional string next_page_token`");
    }
  }

  void TakeEquality(const FieldDescriptor& field, int index) {
    const Column& column = method_->resource->columns[static_cast<size_t>(index)];
    const bool same_type = field.type() == column.field->type() &&
                           field.is_repeated() == column.field->is_repeated() &&
                           field.message_type() == column.field->message_type() &&
                           field.enum_type() == column.field->enum_type();
    if (!same_type) {
      Problem(absl::StrCat("the request's field ", field.name(), " is not of the type of ",
                           column.field->full_name(), ", with which it is compared"));
    } else if (column.array || column.type == ColumnType::kJsonb) {
      Problem(absl::StrCat("the request's field ", field.name(),
                           " cannot be compared for equality; remove it"));
    }
    taken_.insert(&field);
    method_->equalities.push_back({&field, index});
  }

  const FieldDescriptor* TakeKey() {
    const FieldDescriptor& key = *method_->resource->key_column().field;
    return Take(key.name(), key.type());
  }

  const FieldDescriptor* TakeBody() {
    for (int i = 0; i < request().field_count(); ++i) {
      const FieldDescriptor* field = request().field(i);
      if (field->message_type() != method_->resource->message || field->is_repeated()) continue;
      taken_.insert(field);
      return field;
    }
    Problem(absl::StrCat("the request lacks a field of type ",
                         method_->resource->message->full_name()));
    return nullptr;
  }

  const FieldDescriptor* TakeMessage(const std::string& name, std::string_view type) {
    const FieldDescriptor* field = Take(name, FieldDescriptor::TYPE_MESSAGE);
    if (field != nullptr && field->message_type()->full_name() != type) {
      Problem(absl::StrCat("the request's field ", name, " must be a ",
                           absl::string_view(type.data(), type.size())));
    }
    return field;
  }

  const FieldDescriptor* TakeOptional(const std::string& name, FieldDescriptor::Type type) {
    return request().FindFieldByName(name) == nullptr ? nullptr : Take(name, type);
  }

  const FieldDescriptor* Take(const std::string& name, FieldDescriptor::Type type) {
    const FieldDescriptor* field = request().FindFieldByName(name);
    if (field == nullptr || field->type() != type || field->is_repeated()) {
      Problem(absl::StrCat("the request lacks the field `",
                           type == FieldDescriptor::TYPE_MESSAGE ? "google.protobuf.FieldMask"
                                                                 : FieldDescriptor::TypeName(type),
                           " ", name, "`"));
      return nullptr;
    }
    taken_.insert(field);
    return field;
  }

  void Answers(const Descriptor& message) {
    if (descriptor_.output_type() != &message) {
      Problem(absl::StrCat("must answer ", message.full_name()));
    }
  }

  // A field that the engine does not read would be ignored in silence.
  void RefuseTheRest() {
    for (int i = 0; i < request().field_count(); ++i) {
      const FieldDescriptor* field = request().field(i);
      if (taken_.contains(field)) continue;
      Problem(absl::StrCat("the request's field ", field->name(),
                           " means nothing to this method; remove it"));
    }
  }

  void Problem(std::string_view problem) {
    failed_ = true;
    diagnostics_.Add(descriptor_, problem);
  }

  const Descriptor& request() const { return *descriptor_.input_type(); }

  const MethodDescriptor& descriptor_;
  const Contract& contract_;
  Diagnostics& diagnostics_;
  std::unique_ptr<Method> method_;
  std::set<const FieldDescriptor*> taken_;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Method> BuildMethod(const MethodDescriptor& descriptor, const Contract& contract,
                                    Diagnostics& diagnostics) {
  return MethodBuilder(descriptor, contract, diagnostics).Build();
}

}  // namespace dataservice
