#include "contract/methods.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "contract/method_fields.h"
#include "contract/names.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
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

// Whether the name ends with the resource's plural.
bool IsOfMany(MethodKind kind) {
  return kind == MethodKind::kList || kind == MethodKind::kImport || kind == MethodKind::kExport ||
         IsBatch(kind);
}

// Checks one method.
class MethodBuilder {
 public:
  MethodBuilder(const MethodDescriptor& descriptor, const Contract& contract,
                Diagnostics& diagnostics)
      : descriptor_(descriptor), contract_(contract), diagnostics_(diagnostics) {}

  std::unique_ptr<Method> Build() {
    if (!Recognise()) return std::move(method_);
    // The missing key was reported for the resource; its methods cannot be checked.
    if (method_->resource != nullptr && method_->resource->key < 0) return nullptr;
    method_->path = absl::StrCat("/", descriptor_.service()->full_name(), "/", descriptor_.name());
    method_->descriptor = &descriptor_;
    CheckStreaming();
    method_->fields =
        BuildMethodFields(method_->kind, descriptor_, method_->resource, diagnostics_);
    return std::move(method_);
  }

 private:
  // Determines the kind and the resource; false if the resource is not clear.
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
           HasFieldOf(*descriptor_.input_type(), resource);
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

  void Problem(std::string_view problem) { diagnostics_.Add(descriptor_, problem); }

  const MethodDescriptor& descriptor_;
  const Contract& contract_;
  Diagnostics& diagnostics_;
  std::unique_ptr<Method> method_;
};

}  // namespace

const google::protobuf::FieldDescriptor* RequestIdOf(const Method& method) {
  return std::visit(
      [](const auto& fields) -> const google::protobuf::FieldDescriptor* {
        if constexpr (requires { fields.request_id; }) return fields.request_id;
        return nullptr;
      },
      method.fields);
}

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
