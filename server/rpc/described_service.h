// Makes a service's methods known to gRPC while the generic service serves them.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <deque>
#include <string>
#include <vector>

namespace dataservice {

// Register it beside the AsyncGenericService, and server reflection describes
// the service. Must outlive the server.
class DescribedService : public grpc::Service {
 public:
  explicit DescribedService(const google::protobuf::ServiceDescriptor& service);
  // One whose descriptor is not linked; reflection lists its name.
  DescribedService(const std::string& name, const std::vector<std::string>& methods);

 private:
  void Add(std::string path);

  std::deque<std::string> paths_;  // gRPC keeps pointers to them
};

}  // namespace dataservice
