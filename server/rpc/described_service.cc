#include "rpc/described_service.h"

#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/support/method_handler.h>

#include <utility>

namespace dataservice {

DescribedService::DescribedService(const google::protobuf::ServiceDescriptor& service) {
  const std::string prefix = "/" + service.full_name() + "/";
  for (int i = 0; i < service.method_count(); ++i) {
    Add(prefix + service.method(i)->name());
    MarkMethodGeneric(i);
  }
  // Reflection leaves out a service whose methods are all generic.
  Add(prefix + "-");
}

void DescribedService::Add(std::string path) {
  paths_.push_back(std::move(path));
  // gRPC takes ownership; MarkMethodGeneric wants a handler to replace.
  AddMethod(new grpc::internal::RpcServiceMethod(
      paths_.back().c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
      new grpc::internal::ErrorMethodHandler<grpc::StatusCode::UNIMPLEMENTED>("no such method")));
}

}  // namespace dataservice
