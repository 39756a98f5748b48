#include "schema/breaking/report.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <memory>

#include "absl/strings/str_cat.h"

namespace dataservice::breaking {
namespace {

using google::protobuf::Struct;

// Prints maps in the order of their keys, which MessageToJsonString does not guarantee.
std::string DeterministicBytes(const Struct& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream output(&stream);
  output.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&output);
  output.Trim();
  return bytes;
}

}  // namespace

std::string BreakingText(const std::vector<Breakage>& breakages) {
  if (breakages.empty()) return "nothing breaks\n";
  std::string text;
  const Breakage* last = nullptr;
  for (const Breakage& breakage : breakages) {
    if (last == nullptr || last->side != breakage.side) {
      absl::StrAppend(&text, last == nullptr ? "" : "\n",
                      breakage.side == Breakage::Side::kClients ? "clients:\n" : "stored data:\n");
    }
    absl::StrAppend(&text, "  ", breakage.kind, " ", breakage.element, ": ", breakage.text, "\n");
    last = &breakage;
  }
  return text;
}

std::string BreakingJson(const std::vector<Breakage>& breakages) {
  Struct document;
  auto& list = *(*document.mutable_fields())["breaking"].mutable_list_value();
  for (const Breakage& breakage : breakages) {
    auto& fields = *list.add_values()->mutable_struct_value()->mutable_fields();
    fields["side"].set_string_value(breakage.side == Breakage::Side::kClients ? "CLIENTS"
                                                                              : "STORED_DATA");
    fields["kind"].set_string_value(breakage.kind);
    fields["element"].set_string_value(breakage.element);
    fields["text"].set_string_value(breakage.text);
  }
  const std::unique_ptr<google::protobuf::util::TypeResolver> types(
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          "type.googleapis.com", google::protobuf::DescriptorPool::generated_pool()));
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  // Fails only for bytes that are not a Struct.
  (void)google::protobuf::util::BinaryToJsonString(types.get(),
                                                   "type.googleapis.com/google.protobuf.Struct",
                                                   DeterministicBytes(document), &json, options);
  return json;
}

}  // namespace dataservice::breaking
