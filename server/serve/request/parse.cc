#include "serve/request/parse.h"

#include "serve/errors/errors.h"
#include "serve/request/checked_input.h"
#include "serve/request/nesting.h"

namespace dataservice {

using google::protobuf::Message;

const Message& PrototypeOf(const google::protobuf::Descriptor& type) {
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
}

absl::StatusOr<Message*> ParseRequest(const Message& prototype,
                                      google::protobuf::io::ZeroCopyInputStream& bytes,
                                      google::protobuf::Arena& arena,
                                      const RequestContext& context) {
  using Result = PartCount::Result;
  CheckedInput checked(*prototype.GetDescriptor(), bytes, context.reread);
  Message* request = prototype.New(&arena);
  const bool parsed = request->ParseFromZeroCopyStream(&checked);
  const auto& [result, field] = checked.count();
  if (result == Result::kTooMany) return TooManyParts(field == nullptr ? "" : field->name());
  if (parsed && result == Result::kFits) return request;
  if (result == Result::kBroken || context.reread == nullptr) return MalformedRequest();
  const auto again = context.reread();
  const auto deep = FindTooDeep(*prototype.GetDescriptor(), *again);
  return deep ? NestedTooDeep(*deep) : MalformedRequest();
}

}  // namespace dataservice
