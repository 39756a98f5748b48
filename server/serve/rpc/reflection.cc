#include "serve/rpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <atomic>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine_limits.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "serve/errors/errors.h"
#include "serve/rpc/small_request.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
// Its bytes are those of v1alpha too.
using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;

std::vector<const google::protobuf::ServiceDescriptor*> Versions() {
  return {ServerReflectionRequest::descriptor()->file()->service(0),
          grpc::reflection::v1alpha::ServerReflectionRequest::descriptor()->file()->service(0)};
}

// A file and all that it imports, each once.
void AddFiles(const FileDescriptor& file, std::set<const FileDescriptor*>& added,
              grpc::reflection::v1::FileDescriptorResponse& response) {
  if (!added.insert(&file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  proto.SerializeToString(response.add_file_descriptor_proto());
  for (int i = 0; i < file.dependency_count(); ++i) AddFiles(*file.dependency(i), added, response);
}

const FileDescriptor* FileOfExtension(const DescriptorPool& pool,
                                      const grpc::reflection::v1::ExtensionRequest& extension) {
  const Descriptor* type = pool.FindMessageTypeByName(extension.containing_type());
  const FieldDescriptor* field =
      type == nullptr ? nullptr : pool.FindExtensionByNumber(type, extension.extension_number());
  return field == nullptr ? nullptr : field->file();
}

bool AddExtensionNumbers(const DescriptorPool& pool, const std::string& name,
                         grpc::reflection::v1::ExtensionNumberResponse& response) {
  const Descriptor* type = pool.FindMessageTypeByName(name);
  if (type == nullptr) return false;
  std::vector<const FieldDescriptor*> extensions;
  pool.FindAllExtensions(type, &extensions);
  for (const FieldDescriptor* extension : extensions) {
    response.add_extension_number(extension->number());
  }
  response.set_base_type_name(name);
  return true;
}

ServerReflectionResponse Answer(const ServerReflectionRequest& request,
                                const std::set<std::string>& services) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  const FileDescriptor* file = nullptr;
  bool found = false;
  auto code = absl::StatusCode::kNotFound;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      file = pool.FindFileByName(request.file_by_filename());
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      file = pool.FindFileContainingSymbol(request.file_containing_symbol());
      break;
    case ServerReflectionRequest::kFileContainingExtension:
      file = FileOfExtension(pool, request.file_containing_extension());
      break;
    case ServerReflectionRequest::kAllExtensionNumbersOfType:
      found = AddExtensionNumbers(pool, request.all_extension_numbers_of_type(),
                                  *response.mutable_all_extension_numbers_response());
      break;
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : services) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      found = true;
      break;
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      code = absl::StatusCode::kInvalidArgument;
      break;
  }
  if (file != nullptr) {
    std::set<const FileDescriptor*> added;
    AddFiles(*file, added, *response.mutable_file_descriptor_response());
  } else if (!found) {
    auto& error = *response.mutable_error_response();
    error.set_error_code(static_cast<int>(code));
    error.set_error_message(code == absl::StatusCode::kNotFound
                                ? "no descriptor of that name is linked into the server"
                                : "the request asks for nothing that this version knows");
  }
  return response;
}

// Answers one request after the other.
class Conversation : public Stream {
 public:
  Conversation(const std::set<std::string>& services, StreamTransport& transport)
      : services_(services), transport_(transport) {}

  void Start() override { transport_.Read(); }
  void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) override {
    silent_ticks_ = 0;
    ServerReflectionRequest request;
    if (!ParseSmallRequest(message, request)) {
      End(MalformedRequest());
    } else if (BeginWrite()) {
      transport_.Write(Answer(request, services_).SerializeAsString());
    }
  }
  void OnEnd() override { End(absl::OkStatus()); }
  void OnWritten(bool ok) override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
    }
    if (ok) {
      transport_.Read();
    } else {
      End(Cancelled());
    }
  }
  void OnTick() override {
    if (transport_.cancelled()) {
      End(Cancelled());
    } else if (transport_.draining()) {
      End(ShuttingDown());
    } else if (++silent_ticks_ > kMaxStreamSilence / kStreamTick) {
      End(StreamSilent());
    }
  }

 private:
  bool BeginWrite() {
    absl::MutexLock lock(&mutex_);
    writing_ = !ended_;
    return writing_;
  }

  // While an answer is written, the next call ends the stream.
  void End(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (ended_ || writing_) return;
      ended_ = true;
    }
    transport_.Finish(status);
  }

  const std::set<std::string>& services_;
  StreamTransport& transport_;
  std::atomic<int> silent_ticks_{0};  // since the last message
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

class ReflectionHandler : public StreamHandler {
 public:
  ReflectionHandler(const google::protobuf::ServiceDescriptor& version,
                    std::set<std::string> services)
      : path_("/" + version.full_name() + "/" + version.method(0)->name()),
        services_(std::move(services)) {}

  const std::string& path() const override { return path_; }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext&,
                               std::chrono::milliseconds) const override {
    return std::make_unique<Conversation>(services_, transport);
  }

 private:
  const std::string path_;
  const std::set<std::string> services_;
};

}  // namespace

std::set<std::string> ReflectionServices() {
  std::set<std::string> names;
  for (const auto* version : Versions()) names.insert(version->full_name());
  return names;
}

std::vector<std::unique_ptr<StreamHandler>> MakeReflectionHandlers(
    const std::set<std::string>& services) {
  std::vector<std::unique_ptr<StreamHandler>> handlers;
  for (const auto* version : Versions()) {
    handlers.push_back(std::make_unique<ReflectionHandler>(*version, services));
  }
  return handlers;
}

}  // namespace dataservice
