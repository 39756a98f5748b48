// The bytes of a request of any unary method: they are refused, or become an operation whose
// statement has a parameter for each of its values.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "fuzz/fuzz_contract.h"
#include "serve/request/handlers.h"

namespace {

using dataservice::fuzz::Input;

struct NoSink : dataservice::Sink {
  void Execute(dataservice::Batch) override {}
};

const dataservice::Handlers& AllHandlers() {
  static const dataservice::PageTokenSigner signer("key");
  static dataservice::Executor executor({.workers = 1}, [] { return std::make_unique<NoSink>(); });
  static const dataservice::Handlers handlers =
      dataservice::MakeHandlers({dataservice::fuzz::TypesContract(), executor, signer});
  return handlers;
}

// Metadata that a call has or has not.
std::optional<std::string_view> Optional(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto& unary = AllHandlers().unary;
  const auto& handler = *unary[input.Choose(unary.size())];
  dataservice::RequestContext context;
  context.deadline = std::chrono::system_clock::time_point::max();
  context.if_match = Optional(input.Text());
  context.if_none_match = Optional(input.Text());
  context.idempotency_key = Optional(input.Text());
  google::protobuf::io::ArrayInputStream bytes(input.Rest().data(),
                                               static_cast<int>(input.Rest().size()));
  const auto operation = handler.Prepare(bytes, context);
  FUZZ_REQUIRE(operation.ok() || !operation.status().message().empty());
  if (!operation.ok()) return 0;
  if (const auto* read = std::get_if<dataservice::ReadWork>(&(*operation)->work)) {
    FUZZ_REQUIRE(read->values.size() == read->statement->parameters.size());
  } else if (const auto* write = std::get_if<dataservice::WriteWork>(&(*operation)->work)) {
    FUZZ_REQUIRE(write->statement != nullptr && !write->key.empty());
  } else if (const auto* page = std::get_if<dataservice::PageWork>(&(*operation)->work)) {
    FUZZ_REQUIRE(page->page_size > 0);
  }
  return 0;
}
