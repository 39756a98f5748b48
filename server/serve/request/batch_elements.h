// The elements of a batch method's request (AIP-231, 233 to 235).
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "serve/request/message_handler.h"

namespace dataservice {

// Prepares each element with the handler of the method that serves it alone. Immutable;
// thread-safe.
class BatchElements {
 public:
  // `field` of the batch's request has whole requests of `element`, or their keys. All
  // outlive it.
  BatchElements(const HandlerContext& context, const google::protobuf::FieldDescriptor& field,
                const Method& element);

  // The number of elements.
  int Count(const google::protobuf::Message& request) const;

  // Reports preconditions in metadata, which a batch cannot have, and too many elements.
  // False if there are too many: they are not to be prepared.
  bool Check(const google::protobuf::Message& request, const RequestContext& context,
             Violations& violations) const;

  // The request of one element: a part of `request`, or made of its key on `arena`.
  google::protobuf::Message& RequestOf(google::protobuf::Message& request, int index,
                                       google::protobuf::Arena& arena) const;

  // The operation of the element with that request, which may change. Null if the element
  // breaks rules: they are added to `violations`.
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(google::protobuf::Message& element, int index,
                                                     google::protobuf::Arena& arena,
                                                     const RequestContext& context,
                                                     Violations& violations) const;

  // "requests[3]"
  std::string Path(int index) const;
  const std::string& field_name() const { return field_.name(); }
  const Method& element() const { return element_; }
  // The elements are keys, and not whole requests.
  bool are_keys() const { return field_.message_type() == nullptr; }

 private:
  const google::protobuf::FieldDescriptor& field_;
  const Method& element_;
  const std::unique_ptr<MessageHandler> handler_;
  const google::protobuf::Message& prototype_;
};

}  // namespace dataservice
