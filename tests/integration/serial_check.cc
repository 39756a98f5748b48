#include "serial_check.h"

#include <algorithm>

#include "serial_count.h"
#include "serial_graph.h"
#include "serial_model.h"
#include "serial_search.h"

namespace dataservice::test {

std::vector<std::string> FindContradictions(const std::vector<SerialCall>& history,
                                            size_t* undecided) {
  SerialTime start = kNever;
  for (const SerialCall& call : history) start = std::min(start, call.invoked);
  const SerialModel model = BuildModel(history);
  std::vector<std::string> out = model.contradictions;
  // What follows takes the versions for what they are.
  if (!out.empty()) return out;
  for (const auto& [name, key] : model.keys) {
    SerialSearch search(key);
    std::string contradiction = search.Contradiction(start);
    if (contradiction.empty()) continue;
    if (search.gave_up() && undecided != nullptr) {
      ++*undecided;
    } else {
      out.push_back(std::move(contradiction));
    }
  }
  std::string circle = FindCircle(model.keys, start);
  if (!circle.empty()) out.push_back(std::move(circle));
  const auto counts = CheckCounts(model, history, start);
  out.insert(out.end(), counts.begin(), counts.end());
  return out;
}

}  // namespace dataservice::test
