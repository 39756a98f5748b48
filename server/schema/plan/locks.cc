#include <algorithm>

#include "absl/strings/str_cat.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

std::string LockText(const std::vector<TableLock>& locks) {
  if (locks.empty()) return "none";
  std::string out;
  for (size_t i = 0; i < locks.size(); ++i) {
    const TableLock& lock = locks[i];
    const bool goes_on = i > 0 && locks[i - 1].mode == lock.mode;
    absl::StrAppend(&out,
                    i == 0    ? ""
                    : goes_on ? " and "
                              : "; ",
                    goes_on ? "" : absl::StrCat(lock.mode, " on "), lock.table);
    if (i + 1 < locks.size() && locks[i + 1].mode == lock.mode) continue;
    absl::StrAppend(&out, lock.until_done ? ", until it is done" : ", for a moment");
  }
  return out;
}

std::vector<TableLock> BriefLock(std::string_view mode, const SchemaTable& table) {
  return {{std::string(mode), TableName(table), false}};
}

std::vector<TableLock> LockUntilDone(std::string_view mode, const SchemaTable& table) {
  return {{std::string(mode), TableName(table), true}};
}

void AddLock(std::string_view mode, const std::string& table, std::vector<TableLock>& locks) {
  const bool locked = std::any_of(locks.begin(), locks.end(),
                                  [&](const TableLock& lock) { return lock.table == table; });
  if (locked) return;
  locks.push_back({std::string(mode), table, !locks.empty() && locks.front().until_done});
}

}  // namespace dataservice::schema
