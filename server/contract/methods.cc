#include "contract/methods.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "contract/batch_methods.h"
#include "contract/import_response.h"
#include "contract/names.h"
#include "contract/request_fields.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

struct Prefix {
  std::string_view name;
  MethodKind kind;
};
constexpr std::array<Prefix, 12> kPrefixes = {{{"Get", MethodKind::kGet},
                                               {"List", MethodKind::kList},
                                               {"Create", MethodKind::kCreate},
                                               {"Update", MethodKind::kUpdate},
                                               {"Upsert", MethodKind::kUpsert},
                                               {"Delete", MethodKind::kDelete},
                                               {"BatchGet", MethodKind::kBatchGet},
                                               {"BatchCreate", MethodKind::kBatchCreate},
                                               {"BatchUpdate", MethodKind::kBatchUpdate},
                                               {"BatchDelete", MethodKind::kBatchDelete},
                                               {"Import", MethodKind::kImport},
                                               {"Export", MethodKind::kExport}}};

// Whether the name goes on with the resource's plural.
bool IsOfMany(MethodKind kind) {
  return kind == MethodKind::kList || kind == MethodKind::kImport || kind == MethodKind::kExport ||
         IsBatch(kind);
}

// Checks one method.
class MethodBuilder : private RequestFields {
 public:
  MethodBuilder(const MethodDescriptor& descriptor, const Contract& contract,
                Diagnostics& diagnostics)
      : RequestFields(descriptor, diagnostics), contract_(contract) {}

  std::unique_ptr<Method> Build() {
    if (!Recognise()) return std::move(method_);
    // That was reported of the resource; nothing can be said of methods without a key.
    if (method_->resource != nullptr && method_->resource->key < 0) return nullptr;
    method_->path = absl::StrCat("/", descriptor_.service()->full_name(), "/", descriptor_.name());
    method_->descriptor = &descriptor_;
    CheckStreaming();
    switch (method_->kind) {
      case MethodKind::kGet:
        method_->key = TakeKey();
        method_->read_mask = TakeReadMask();
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
        method_->request_id = TakeOptional("request_id", FieldDescriptor::TYPE_STRING);
        method_->body = TakeBody();
        Answers(*method_->resource->message);
        break;
      case MethodKind::kDelete:
        method_->key = TakeKey();
        method_->etag = TakeOptional("etag", FieldDescriptor::TYPE_STRING);
        method_->request_id = TakeOptional("request_id", FieldDescriptor::TYPE_STRING);
        method_->allow_missing = TakeOptional("allow_missing", FieldDescriptor::TYPE_BOOL);
        if (method_->etag != nullptr && method_->resource->etag == nullptr &&
            method_->resource->message->FindFieldByName("etag") == nullptr) {
          Problem("the request has an etag, but the resource has none; add `string etag` to it");
        }
        if (descriptor_.output_type()->full_name() != "google.protobuf.Empty") {
          Problem("must return google.protobuf.Empty");
        }
        break;
      case MethodKind::kBatchGet:
      case MethodKind::kBatchCreate:
      case MethodKind::kBatchUpdate:
      case MethodKind::kBatchDelete:
        BuildBatch();
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
    return std::move(method_);
  }

 private:
  // Says what the method does, and to what; false where that cannot be said.
  bool Recognise() {
    method_ = std::make_unique<Method>();
    method_->kind = MethodKind::kCustom;
    const std::string_view name = descriptor_.name();
    for (const Prefix& prefix : kPrefixes) {
      if (!name.starts_with(prefix.name)) continue;
      const std::string_view rest = name.substr(prefix.name.size());
      std::vector<const Resource*> named;
      for (const auto& resource : contract_.resources()) {
        const bool matches = IsOfMany(prefix.kind) ? IsPluralOf(rest, *resource->message)
                                                   : rest == resource->message->name();
        if (matches) named.push_back(resource.get());
      }
      if (named.empty()) continue;
      method_->kind = prefix.kind;
      method_->resource = Choose(named);
      return method_->resource != nullptr;
    }
    return true;
  }

  // Of resources whose messages have the same name: the one that request or
  // response has, else the one of the service's package.
  const Resource* Choose(std::vector<const Resource*> named) {
    const auto keep = [&](const auto& holds) {
      std::vector<const Resource*> kept;
      std::copy_if(named.begin(), named.end(), std::back_inserter(kept), holds);
      if (!kept.empty()) named = std::move(kept);
    };
    if (named.size() > 1) keep([&](const Resource* resource) { return Mentions(*resource); });
    if (named.size() > 1) {
      keep([&](const Resource* resource) {
        return resource->message->file()->package() == descriptor_.service()->file()->package();
      });
    }
    if (named.size() == 1) return named.front();
    Problem(absl::StrCat("could be a method of ", named[0]->message->full_name(), " and of ",
                         named[1]->message->full_name(),
                         "; put the service into the package of the intended one, or give "
                         "one of the messages another name"));
    return nullptr;
  }

  bool Mentions(const Resource& resource) const {
    const Descriptor& response = *descriptor_.output_type();
    return &response == resource.message || HasFieldOf(response, resource) ||
           HasFieldOf(request(), resource);
  }

  static bool HasFieldOf(const Descriptor& message, const Resource& resource) {
    for (int i = 0; i < message.field_count(); ++i) {
      if (message.field(i)->message_type() == resource.message) return true;
    }
    return false;
  }

  void CheckStreaming() {
    const bool in = method_->kind == MethodKind::kImport;
    const bool out = method_->kind == MethodKind::kExport;
    if (descriptor_.client_streaming() == in && descriptor_.server_streaming() == out) return;
    if (in) {
      Problem("must take a stream and return one response: `(stream REQUEST) returns (RESPONSE)`");
    } else if (out) {
      Problem(absl::StrCat("must return a stream: `(REQUEST) returns (stream ",
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
    method_->read_mask = TakeReadMask();
    for (int i = 0; i < request().field_count(); ++i) {
      const FieldDescriptor* field = request().field(i);
      if (taken_.contains(field)) continue;
      const int column = method_->resource->Find(field->name());
      if (column < 0 && method_->resource->FindComputed(field->name()) >= 0) {
        Problem(absl::StrCat("the request's field ", field->name(),
                             " is the name of a computed field, which a list cannot compare with; "
                             "remove it"));
        taken_.insert(field);
      }
      if (column < 0) continue;
      TakeEquality(*field, column);
    }
    const Descriptor& response = *descriptor_.output_type();
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor* field = response.field(i);
      if (field->is_repeated() && field->message_type() == method_->resource->message &&
          method_->rows == nullptr) {
        method_->rows = field;
      } else if (field->name() == "next_page_token") {
        method_->next_page_token = field;
        if (field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
          Problem("the response's field next_page_token must be an `optional string`");
        }
      } else if (field->name() == "total_size") {
        method_->total_size = field;
        if ((field->type() != FieldDescriptor::TYPE_INT32 &&
             field->type() != FieldDescriptor::TYPE_INT64) ||
            field->is_repeated()) {
          Problem("the response's field total_size must be an `int32` or `int64`");
        }
      } else {
        Problem(absl::StrCat("the response's field ", field->name(),
                             " is not set by a list; remove it"));
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

  const FieldDescriptor* TakeReadMask() {
    if (request().FindFieldByName("read_mask") == nullptr) return nullptr;
    return TakeMessage("read_mask", "google.protobuf.FieldMask");
  }

  // `element` is found when all methods are known (batch_methods.h).
  void BuildBatch() {
    const MethodKind kind = method_->kind;
    const FieldDescriptor& key = *method_->resource->key_column().field;
    const std::string keys = absl::StrCat(key.name(), "s");
    const std::string of_keys = absl::StrCat("`repeated ", key.type_name(), " ", keys, "`");
    const std::string of_requests =
        absl::StrCat("`repeated ", ElementName(*method_), "Request requests`");
    const bool by_key = kind == MethodKind::kBatchGet || kind == MethodKind::kBatchDelete;
    if (by_key) method_->keys = TakeRepeated(keys, key.type(), of_keys);
    if (kind == MethodKind::kBatchGet) {
      method_->read_mask = TakeReadMask();
    } else {
      method_->requests = TakeRepeated("requests", FieldDescriptor::TYPE_MESSAGE, of_requests);
      method_->request_id = TakeOptional("request_id", FieldDescriptor::TYPE_STRING);
    }
    if (method_->keys != nullptr && method_->requests != nullptr) {
      Problem(absl::StrCat("the request has both ", keys, " and requests; remove one"));
    }
    if (method_->keys == nullptr && method_->requests == nullptr && !mistyped_) {
      Problem(absl::StrCat("the request lacks the field ", by_key ? of_keys : "",
                           kind == MethodKind::kBatchDelete ? " or " : "",
                           kind == MethodKind::kBatchGet ? "" : of_requests));
    }
    if (kind != MethodKind::kBatchDelete) {
      TakeRows();
    } else if (descriptor_.output_type()->full_name() != "google.protobuf.Empty") {
      Problem("must return google.protobuf.Empty");
    }
  }

  // A batch's answer has the rows and nothing else.
  void TakeRows() {
    const Descriptor& response = *descriptor_.output_type();
    const Descriptor* row = method_->resource->message;
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor* field = response.field(i);
      if (field->is_repeated() && field->message_type() == row && method_->rows == nullptr) {
        method_->rows = field;
      } else {
        Problem(absl::StrCat("the response's field ", field->name(),
                             " is not set by a batch method; remove it"));
      }
    }
    if (method_->rows == nullptr) {
      Problem(absl::StrCat("the response lacks a field `repeated ", row->name(), "`"));
    }
  }

  const Contract& contract_;
};

}  // namespace

bool IsOneOf(const std::vector<std::unique_ptr<Method>>& methods, MethodKind kind,
             const Resource& resource) {
  return std::any_of(methods.begin(), methods.end(), [&](const auto& method) {
    return method->kind == kind && (method->resource == &resource || method->resource == nullptr);
  });
}

std::unique_ptr<Method> BuildMethod(const MethodDescriptor& descriptor, const Contract& contract,
                                    Diagnostics& diagnostics) {
  return MethodBuilder(descriptor, contract, diagnostics).Build();
}

}  // namespace dataservice
