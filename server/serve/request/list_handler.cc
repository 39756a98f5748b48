// List: pages of rows (AIP-132, AIP-158, AIP-160).
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/request/filter_field.h"
#include "serve/request/message_handler.h"
#include "serve/request/order_by.h"
#include "serve/request/read_mask.h"
#include "serve/request/statement_size.h"
#include "serve/request/violations.h"
#include "serve/values/encode.h"
#include "serve/values/position.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;
using Wire = google::protobuf::internal::WireFormatLite;

class ListHandler : public MessageHandler {
 public:
  ListHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(method),
        method_(method),
        executor_(context.executor),
        signer_(context.signer),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())) {}

  const std::string& path() const override { return method_.path; }

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    auto operation = std::make_unique<Operation>();
    operation->deadline = context.deadline;
    operation->retryable = Retryable::kYes;

    rules_.Validate(request, "", violations.list());
    operation->page_size = PageSize(request, violations);
    Shape shape{.kind = ShapeKind::kList,
                .resource = method_.resource,
                .rows_field = method_.rows->number(),
                .total = method_.total_size != nullptr};
    const std::string order_by = TextOf(request, method_.order_by);
    if (method_.order_by == nullptr) {
      shape.order = {{method_.resource->key}};
    } else {
      shape.order = ParseOrderBy(order_by, *method_.resource, method_.order_by->name(), violations);
    }
    if (method_.read_mask != nullptr) {
      shape.read_mask =
          ParseReadMask(request.GetReflection()->GetMessage(request, method_.read_mask),
                        *method_.resource, method_.read_mask->name(), violations);
    }
    const Values restrictions = Restrictions(request, shape, violations);
    operation->page_scope = Scope(request, shape, restrictions);
    AddPosition(request, shape, *operation, violations);
    if (!violations.empty()) return violations.ToStatus();
    for (size_t i = 0; i < restrictions.size(); ++i) operation->values.Add(*restrictions[i]);
    operation->values.Add(std::to_string(operation->page_size + 1));
    operation->statement = executor_.StatementOf(shape);
    const bool filtered = !shape.condition.empty() || method_.order_by == nullptr;
    const FieldDescriptor* longest = filtered ? method_.filter : method_.order_by;
    CheckPageStatement(*operation->statement, executor_, longest == nullptr ? "" : longest->name(),
                       violations);
    if (!violations.empty()) return violations.ToStatus();
    return operation;
  }

  std::string Respond(const Operation& operation, Outcome outcome) const override {
    if (outcome.more) {
      AppendField(method_.next_page_token->number(),
                  signer_.Sign(operation.page_scope, outcome.position), outcome.bytes);
    }
    if (method_.total_size != nullptr && outcome.total != 0) {
      StringOutputStream stream(&outcome.bytes);
      CodedOutputStream coded(&stream);
      Wire::WriteInt64(method_.total_size->number(), outcome.total, &coded);
    }
    return std::move(outcome.bytes);
  }

 private:
  int PageSize(const Message& request, Violations& violations) const {
    const int asked = request.GetReflection()->GetInt32(request, method_.page_size);
    if (asked < 0) violations.Add(method_.page_size->name(), "value must not be negative");
    return asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize);
  }

  static std::string TextOf(const Message& request, const FieldDescriptor* field) {
    return field == nullptr ? std::string() : request.GetReflection()->GetString(request, field);
  }

  // The values of the equality fields that are set, and of the filter; what they
  // restrict goes to `shape`.
  Values Restrictions(const Message& request, Shape& shape, Violations& violations) const {
    Values values;
    for (const EqualityField& equality : method_.equalities) {
      if (!request.GetReflection()->HasField(request, equality.field)) continue;
      const Column& column = method_.resource->column(equality.column);
      std::string problem;
      if (!EncodeField(request, *equality.field, column, values, problem)) {
        violations.Add(equality.field->name(), problem);
      }
      shape.columns.push_back(equality.column);
    }
    AddFilter(method_, request, shape, values, violations);
    return values;
  }

  // All that decides which rows the list has and in which order. What is answered
  // of them, the read mask, may change from page to page (AIP-158).
  std::string Scope(const Message& request, const Shape& shape, const Values& restrictions) const {
    const std::string filter = TextOf(request, method_.filter);
    std::string scope = absl::StrCat(method_.path, " ", filter.size(), ":", filter);
    for (const OrderTerm& term : shape.order) {
      absl::StrAppend(&scope, " ", term.column, term.descending ? "-" : "+");
    }
    for (const int column : shape.columns) absl::StrAppend(&scope, " =", column);
    for (size_t i = 0; i < restrictions.size(); ++i) {
      const std::string_view value = restrictions[i].value_or("");
      absl::StrAppend(&scope, " ", value.size(), ":",
                      absl::string_view(value.data(), value.size()));
    }
    return scope;
  }

  void AddPosition(const Message& request, Shape& shape, Operation& operation,
                   Violations& violations) const {
    const std::string token = TextOf(request, method_.page_token);
    if (token.empty()) return;
    const auto text = signer_.Verify(operation.page_scope, token);
    Position position;
    if (!text || !DecodePosition(*text, position) || position.size() != shape.order.size()) {
      violations.Add(method_.page_token->name(),
                     "value is no token of this list; begin again without one");
      return;
    }
    for (const auto& value : position) {
      shape.after.push_back(value.has_value());
      if (value) operation.values.Add(*value);
    }
  }

  const Method& method_;
  Executor& executor_;
  const PageTokenSigner& signer_;
  const Validator& rules_;
};

}  // namespace

std::unique_ptr<Handler> MakeListHandler(const HandlerContext& context, const Method& method) {
  return std::make_unique<ListHandler>(context, method);
}

}  // namespace dataservice
