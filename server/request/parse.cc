#include "request/parse.h"

#include "errors/errors.h"

namespace dataservice {

using google::protobuf::Message;

const Message& PrototypeOf(const google::protobuf::Descriptor& type) {
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
}

absl::StatusOr<Message*> ParseRequest(const Message& prototype,
                                      google::protobuf::io::ZeroCopyInputStream& bytes,
                                      google::protobuf::Arena& arena) {
  Message* request = prototype.New(&arena);
  if (!request->ParseFromZeroCopyStream(&bytes)) return MalformedRequest();
  return request;
}

}  // namespace dataservice
