// Services, methods and their routes.
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"
#include "schema/breaking/clients.h"

namespace dataservice::breaking {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// One route. The compared members name fields by number, so that a renamed field does not change
// the route.
struct Route {
  std::string text;  // "GET /thing/{id}"
  std::string url;   // "GET /thing/{1}"
  std::string body;  // "*", a field's number, or empty
  std::string body_text;
  std::string answer;  // a field's number, or empty for the whole response
  std::string answer_text;
};

// A path of fields such as "thing.id", with their numbers; an unknown name stays.
std::string Numbers(const Descriptor* message, const std::string& path) {
  std::string out;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(path, '.'))) {
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(part);
    absl::StrAppend(&out, out.empty() ? "" : ".");
    if (field == nullptr) {
      absl::StrAppend(&out, part);
    } else {
      absl::StrAppend(&out, field->number());
    }
    message = field == nullptr ? nullptr : field->message_type();
  }
  return out;
}

// A template in which numbers replace the names of variables. {id=*} is the same as {id}.
std::string UrlOf(const std::string& path, const Descriptor& request) {
  std::string out;
  for (size_t i = 0; i < path.size();) {
    const size_t end = path[i] == '{' ? path.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      out += path[i++];
      continue;
    }
    const std::string variable = path.substr(i + 1, end - i - 1);
    const size_t equals = variable.find('=');
    const std::string pattern = equals == std::string::npos ? "*" : variable.substr(equals + 1);
    absl::StrAppend(&out, "{", Numbers(&request, variable.substr(0, equals)),
                    pattern == "*" ? "" : "=" + pattern, "}");
    i = end + 1;
  }
  return out;
}

std::pair<std::string, std::string> VerbAndPath(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case HttpRule::kCustom:
      return {rule.custom().kind(), rule.custom().path()};
    case HttpRule::PATTERN_NOT_SET:
      return {"", ""};
  }
  return {"", ""};
}

void AddRoute(const MethodDescriptor& method, const HttpRule& rule, std::vector<Route>& routes) {
  const auto [verb, path] = VerbAndPath(rule);
  if (verb.empty()) return;
  const auto number_of = [](const Descriptor& message, const std::string& body) {
    return body.empty() || body == "*" ? body : Numbers(&message, body);
  };
  Route route;
  route.text = absl::StrCat(verb, " ", path);
  route.url = absl::StrCat(verb, " ", UrlOf(path, *method.input_type()));
  route.body = number_of(*method.input_type(), rule.body());
  route.body_text = rule.body().empty() ? "nothing" : rule.body();
  route.answer = number_of(*method.output_type(), rule.response_body());
  route.answer_text = rule.response_body().empty() ? "the response" : rule.response_body();
  routes.push_back(std::move(route));
}

std::vector<Route> RoutesOf(const MethodDescriptor& method) {
  std::vector<Route> routes;
  if (!method.options().HasExtension(google::api::http)) return routes;
  const HttpRule& rule = method.options().GetExtension(google::api::http);
  AddRoute(method, rule, routes);
  for (const HttpRule& more : rule.additional_bindings()) AddRoute(method, more, routes);
  return routes;
}

void CompareRoutes(const MethodDescriptor& before, const MethodDescriptor& after,
                   Findings& findings) {
  const std::vector<Route> routes = RoutesOf(after);
  for (const Route& route : RoutesOf(before)) {
    const auto found = std::find_if(routes.begin(), routes.end(),
                                    [&](const Route& other) { return other.url == route.url; });
    if (found == routes.end()) {
      findings.Add("HTTP_BINDING_REMOVED", before.full_name(),
                   absl::StrCat(route.text, " is no route of it any more; keep it in ",
                                "additional_bindings"));
      continue;
    }
    if (found->body != route.body) {
      findings.Add("HTTP_BODY_CHANGED", before.full_name(),
                   absl::StrCat("the body of ", route.text, " was ", route.body_text, ", is ",
                                found->body_text, "; give a new body a route of its own"));
    }
    if (found->answer != route.answer) {
      findings.Add("HTTP_RESPONSE_BODY_CHANGED", before.full_name(),
                   absl::StrCat(route.text, " answered ", route.answer_text, ", answers ",
                                found->answer_text, "; give a new answer a route of its own"));
    }
  }
}

std::string Streams(const MethodDescriptor& method) {
  return absl::StrCat(method.client_streaming() ? "stream" : "one request", " to ",
                      method.server_streaming() ? "stream" : "one answer");
}

void CompareMethod(const MethodDescriptor& before, const MethodDescriptor& after,
                   Findings& findings) {
  const auto changed = [&](const char* kind, const std::string& was, const std::string& is) {
    if (was == is) return;
    findings.Add(kind, before.full_name(),
                 absl::StrCat("was ", was, ", is ", is, "; add a method beside it"));
  };
  changed("METHOD_REQUEST_CHANGED", before.input_type()->full_name(),
          after.input_type()->full_name());
  changed("METHOD_RESPONSE_CHANGED", before.output_type()->full_name(),
          after.output_type()->full_name());
  changed("METHOD_STREAMING_CHANGED", Streams(before), Streams(after));
  changed(
      "METHOD_IDEMPOTENCY_CHANGED",
      google::protobuf::MethodOptions::IdempotencyLevel_Name(before.options().idempotency_level()),
      google::protobuf::MethodOptions::IdempotencyLevel_Name(after.options().idempotency_level()));
  CompareRoutes(before, after, findings);
}

}  // namespace

void CompareServices(const ContractTypes& before, const ContractTypes& after, Findings& findings) {
  for (const auto& [name, service] : before.services) {
    if (!after.packages.contains(service->file()->package())) continue;
    const auto found = after.services.find(name);
    if (found == after.services.end()) {
      findings.Add("SERVICE_REMOVED", name,
                   "is gone with its methods and their routes; keep it, and add the new one beside "
                   "it");
      continue;
    }
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      const auto* same = found->second->FindMethodByName(method.name());
      if (same != nullptr) {
        CompareMethod(method, *same, findings);
      } else {
        findings.Add("METHOD_REMOVED", method.full_name(),
                     "is gone with its routes; keep it (deprecated = true), and add the new one "
                     "beside it");
      }
    }
  }
}

}  // namespace dataservice::breaking
