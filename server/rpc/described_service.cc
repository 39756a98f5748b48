#include "rpc/described_service.h"

#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/support/method_handler.h>

#include <utility>

namespace dataservice {

namespace {

std::vector<std::string> MethodsOf(const google::protobuf::ServiceDescriptor& service) {
  std::vector<std::string> names;
  for (int i = 0; i < service.method_count(); ++i) names.push_back(service.method(i)->name());
  return names;
}

}  // namespace

DescribedService::DescribedService(const google::protobuf::ServiceDescriptor& service)
    : DescribedService(service.full_name(), MethodsOf(service)) {}

DescribedService::DescribedService(const std::string& name,
                                   const std::vector<std::string>& methods) {
  const std::string prefix = "/" + name + "/";
  for (size_t i = 0; i < methods.size(); ++i) {
    Add(prefix + methods[i]);
    MarkMethodGeneric(static_cast<int>(i));
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
