#include "serve/execution/work.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

const Statement* Find(const BatchReadWork& work) {
  return work.reads.empty() ? nullptr : work.reads.front().statement.get();
}
const Statement* Find(const BatchWriteWork& work) {
  return work.writes.empty() ? nullptr : work.lock.get();
}
const Statement* Find(const CustomWork&) { return nullptr; }
const Statement* Find(const auto& work) { return work.statement.get(); }

}  // namespace

PrimaryKeyValue PrimaryKeyOf(const WriteWork& work) {
  const bool own_keys = ResourceOf(work.statement->shape).is_private();
  return {work.key, own_keys ? std::string_view(work.owner) : std::string_view()};
}

const Statement* StatementOf(const Work& work) {
  return std::visit([](const auto& w) { return Find(w); }, work);
}

Retryable RetryableOf(const Work& work) {
  return std::visit(
      [](const auto& w) {
        using Kind = std::decay_t<decltype(w)>;
        if constexpr (requires { w.claim; }) {
          return w.claim ? Retryable::kYes : Retryable::kNo;
        }
        return std::is_same_v<Kind, CustomWork> ? Retryable::kNo : Retryable::kYes;
      },
      work);
}

std::string ElementPath(std::string_view elements_field, size_t index) {
  return absl::StrCat(View(elements_field), "[", index, "]");
}

}  // namespace dataservice
