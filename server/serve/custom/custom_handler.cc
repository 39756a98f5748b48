#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "log.h"
#include "serve/custom/custom_methods.h"
#include "serve/errors/errors.h"
#include "serve/request/message_handler.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

// Runs a function; an exception is a fault of the program.
absl::Status Run(const CustomMethods::Function& function, const Message& request,
                 CustomContext& context, std::string& response) {
  std::string what;
  try {
    return function(request, context, response);
  } catch (const std::exception& e) {
    what = e.what();
  }
  const std::string id = NewLogId();
  LogError("custom_method_threw", {{"id", id},
                                   {"request", request.GetDescriptor()->full_name()},
                                   {"error", what.substr(0, what.find('\n'))}});
  return Internal(id);
}

class CustomHandler : public MessageHandler {
 public:
  CustomHandler(const HandlerContext& context, const Method& method,
                const CustomMethods::Entry& entry, std::shared_ptr<const HandlersByName> standard)
      : MessageHandler(context, method), entry_(entry), standard_(std::move(standard)) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    rules_.Validate(request, "", violations.list());
    if (!violations.empty()) return violations.ToStatus();
    CustomWork work{.method = &method_, .request = request.SerializeAsString()};
    work.run = [this, context](Operation& operation, Connection& connection, Sink& sink) {
      CustomContext custom(operation, connection, sink, context, *standard_);
      Complete(operation, Serve(std::get<CustomWork>(operation.work).request, custom));
    };
    return std::make_unique<Operation>(std::move(work), Lane::kAlone, context.deadline);
  }

 private:
  absl::StatusOr<Outcome> Serve(const std::string& bytes, CustomContext& context) const {
    const std::unique_ptr<Message> request(prototype_.New());
    if (!request->ParseFromString(bytes)) return MalformedRequest();
    ResponseOutcome response;
    absl::Status status = Run(entry_.function, *request, context, response.message);
    if (!status.ok()) return status;
    return response;
  }

  const CustomMethods::Entry& entry_;
  const std::shared_ptr<const HandlersByName> standard_;
};

std::string NoFunction(const Method& method) {
  const auto& descriptor = *method.descriptor;
  return absl::StrCat(
      descriptor.service()->file()->name(), ": ", descriptor.full_name(),
      ": is no standard method of a resource, and nothing serves it: name it Get, Create, Update, "
      "Upsert or Delete and a resource's message, or List, Import or Export and its plural; or "
      "write it by hand, with methods.Add(\"",
      descriptor.full_name(), "\", FUNCTION) in a file that data_service(... HANDLERS) names");
}

}  // namespace

absl::Status AddCustomHandlers(const HandlerContext& context, const CustomMethods& methods,
                               Handlers& handlers) {
  auto standard = std::make_shared<HandlersByName>();
  std::vector<std::string> problems;
  std::set<std::string> found;
  std::vector<std::unique_ptr<OperationHandler>> custom;
  for (const auto& method : context.contract.methods()) {
    const std::string& name = method->descriptor->full_name();
    for (const auto& handler : handlers.unary) {
      if (handler->path() == method->path) standard->emplace(name, handler.get());
    }
    if (method->kind != MethodKind::kCustom) continue;
    const auto entry = methods.entries().find(name);
    if (entry == methods.entries().end()) {
      problems.push_back(NoFunction(*method));
      continue;
    }
    found.insert(name);
    if (entry->second.request != method->descriptor->input_type() ||
        entry->second.response != method->descriptor->output_type()) {
      problems.push_back(absl::StrCat(name, ": its function takes or answers another message"));
      continue;
    }
    custom.push_back(std::make_unique<CustomHandler>(context, *method, entry->second, standard));
  }
  for (const auto& [name, entry] : methods.entries()) {
    if (found.contains(name)) continue;
    problems.push_back(absl::StrCat(
        name, ": a function is registered for it, but it is no custom method of the contract"));
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  for (auto& handler : custom) handlers.unary.push_back(std::move(handler));
  return absl::OkStatus();
}

}  // namespace dataservice
