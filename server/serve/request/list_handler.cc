// List: pages of rows (AIP-132, AIP-158, AIP-160).
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/request/filter_field.h"
#include "serve/request/message_handler.h"
#include "serve/request/order_by.h"
#include "serve/request/owner.h"
#include "serve/request/read_mask.h"
#include "serve/request/request_statement.h"
#include "serve/request/statement_size.h"
#include "serve/request/violations.h"
#include "serve/sql/shared_list.h"
#include "serve/values/encode.h"
#include "serve/values/position.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class ListHandler : public MessageHandler {
 public:
  ListHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(context, method),
        fields_(std::get<ListMethod>(method.fields)),
        signer_(context.signer),
        json_(*method.resource->message) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    const auto owner = ReadOwnerOf(*method_.resource, context);
    if (!owner.ok()) return owner.status();
    PageWork work;
    rules_.Validate(request, "", violations.list());
    work.page_size = PageSize(request, violations);
    ListShape shape{.resource = method_.resource,
                    .order = OrderOf(request, context, violations),
                    .rows_field = fields_.rows->number(),
                    .total = fields_.total_size != nullptr};
    if (fields_.read_mask != nullptr) {
      shape.read_mask = ParseReadMask(
          request.GetReflection()->GetMessage(request, fields_.read_mask), *method_.resource,
          context.access->hidden(), fields_.read_mask->name(), violations);
    }
    const Values restrictions = Restrictions(request, *owner, shape, violations);
    work.page_scope = Scope(request, shape, restrictions, *context.access);
    AddPosition(request, shape, work, violations);
    if (!violations.empty()) return violations.ToStatus();
    for (size_t i = 0; i < restrictions.size(); ++i) work.values.Add(*restrictions[i]);
    work.values.Add(std::to_string(work.page_size + 1));
    const bool shared = SharesStatement(shape);
    if (shared) shape.shared_limit = SharedLimit(work.page_size);
    auto statement = StatementOfRequest(shape, context, executor_);
    if (!statement.ok()) return statement.status();
    work.statement = *std::move(statement);
    const bool filtered = !TextOf(request, fields_.filter).empty() || fields_.order_by == nullptr;
    const FieldDescriptor* longest = filtered ? fields_.filter : fields_.order_by;
    CheckPageStatement(shape, *work.statement, executor_, longest == nullptr ? "" : longest->name(),
                       violations);
    if (!violations.empty()) return violations.ToStatus();
    const Lane lane = shared ? Lane::kRead : Lane::kAlone;
    return std::make_unique<Operation>(std::move(work), lane, context.deadline);
  }

  Response Respond(const Operation& operation, Outcome outcome) const override {
    auto& page = std::get<PageOutcome>(outcome);
    const auto& work = std::get<PageWork>(operation.work);
    Response response;
    if (work.json != nullptr) {
      response.rows = std::move(page.rows);
    } else {
      response.message = std::move(page.rows);
    }
    if (page.more) {
      AppendField(fields_.next_page_token->number(), signer_.Sign(work.page_scope, page.position),
                  response.message);
    }
    if (fields_.total_size != nullptr && page.total != 0) {
      AppendVarint(fields_.total_size->number(), static_cast<uint64_t>(page.total),
                   response.message);
    }
    return response;
  }

  void AskForJson(Operation& operation) const override {
    std::get<PageWork>(operation.work).json = &json_;
  }

 private:
  int PageSize(const Message& request, Violations& violations) const {
    const int asked = request.GetReflection()->GetInt32(request, fields_.page_size);
    if (asked < 0) violations.Add(fields_.page_size->name(), "value must not be negative");
    return asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize);
  }

  std::vector<OrderTerm> OrderOf(const Message& request, const RequestContext& context,
                                 Violations& violations) const {
    const Resource& resource = *method_.resource;
    const std::string text = TextOf(request, fields_.order_by);
    std::vector<OrderTerm> order = {{resource.key}};
    if (fields_.order_by != nullptr) {
      order = ParseOrderBy(text, resource, fields_.order_by->name(), violations);
    }
    if (resource.is_private() && !ReadsOwnRows(resource, context)) {
      AddOwnerTerm(text.empty(), order);
    }
    return order;
  }

  // Several owners can have one key. If the request asks for no order, that of the primary key is
  // the one that an index has.
  void AddOwnerTerm(bool first, std::vector<OrderTerm>& order) const {
    const int owner = method_.resource->owner;
    const bool has_owner = std::any_of(order.begin(), order.end(),
                                       [&](const OrderTerm& t) { return t.column == owner; });
    if (!has_owner) order.insert(first ? order.begin() : order.end(), OrderTerm{owner});
  }

  static std::string TextOf(const Message& request, const FieldDescriptor* field) {
    return field == nullptr ? std::string() : request.GetReflection()->GetString(request, field);
  }

  // The values of the owner, if the list is restricted to one, of the equality fields that are set,
  // and of the filter; their columns and condition go to `shape`.
  Values Restrictions(const Message& request, const std::string& owner, ListShape& shape,
                      Violations& violations) const {
    Values values;
    if (!owner.empty()) shape.columns.push_back(method_.resource->owner);
    AddOwner(owner, values);
    for (const EqualityField& equality : fields_.equalities) {
      if (!request.GetReflection()->HasField(request, equality.field)) continue;
      const Column& column = method_.resource->column(equality.column);
      std::string problem;
      if (!EncodeField(request, *equality.field, column, values, problem)) {
        violations.Add(equality.field->name(), problem);
      }
      shape.columns.push_back(equality.column);
    }
    shape.condition = ReadFilter(request, fields_.filter, *method_.resource, values, violations);
    TakeEqualities(shape);
    return values;
  }

  // All that decides which rows the list has and in which order, and which fields the caller may
  // not compare: a token does not pass from one set of rights to another. The read mask may
  // change from page to page (AIP-158).
  std::string Scope(const Message& request, const ListShape& shape, const Values& restrictions,
                    const Access& access) const {
    const std::string filter = TextOf(request, fields_.filter);
    std::string scope = absl::StrCat(method_.path, " ", filter.size(), ":", filter);
    for (const OrderTerm& term : shape.order) {
      absl::StrAppend(&scope, " ", term.column, term.descending ? "-" : "+");
    }
    for (const int column : shape.columns) absl::StrAppend(&scope, " =", column);
    for (const Column& column : method_.resource->columns) {
      if (access.hidden().contains(column.field)) absl::StrAppend(&scope, " !", column.number);
    }
    for (size_t i = 0; i < restrictions.size(); ++i) {
      const std::string_view value = restrictions[i].value_or("");
      absl::StrAppend(&scope, " ", value.size(), ":",
                      absl::string_view(value.data(), value.size()));
    }
    return scope;
  }

  void AddPosition(const Message& request, ListShape& shape, PageWork& work,
                   Violations& violations) const {
    const std::string token = TextOf(request, fields_.page_token);
    if (token.empty()) return;
    const auto text = signer_.Verify(work.page_scope, token);
    Position position;
    if (!text || !DecodePosition(*text, position) || position.size() != shape.order.size()) {
      violations.Add(fields_.page_token->name(),
                     "value is no token of this list; begin again without one");
      return;
    }
    for (const auto& value : position) {
      shape.after.push_back(value.has_value());
      if (value) work.values.Add(*value);
    }
  }

  const ListMethod& fields_;
  const PageTokenSigner& signer_;
  const JsonWriter json_;  // of a row
};

}  // namespace

std::unique_ptr<OperationHandler> MakeListHandler(const HandlerContext& context,
                                                  const Method& method) {
  return std::make_unique<ListHandler>(context, method);
}

}  // namespace dataservice
