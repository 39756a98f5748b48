#include "serve/request/parse.h"

#include "serve/errors/errors.h"
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
  Message* request = prototype.New(&arena);
  if (request->ParseFromZeroCopyStream(&bytes)) return request;
  if (context.reread == nullptr) return MalformedRequest();
  const auto again = context.reread();
  const auto deep = FindTooDeep(*prototype.GetDescriptor(), *again);
  return deep ? NestedTooDeep(*deep) : MalformedRequest();
}

}  // namespace dataservice
