#include "serial_graph.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "serial_search.h"

namespace dataservice::test {
namespace {

// A call, or a moment in time at which one had returned.
struct Node {
  SerialTime invoked = 0;
  SerialTime returned = kNever;
  const SerialCall* call = nullptr;
  std::vector<size_t> later;
  size_t earlier = 0;  // nodes that must come before and have not
};

class Graph {
 public:
  explicit Graph(const std::map<std::string, KeyHistory>& keys) {
    for (const auto& [name, key] : keys) AddKey(key);
    AddTime();
  }

  std::string Circle(SerialTime start) {
    RemoveOrdered();
    const auto begin = std::find_if(nodes_.begin(), nodes_.end(),
                                    [](const Node& node) { return node.earlier > 0; });
    if (begin == nodes_.end()) return "";
    return Describe(Walk(static_cast<size_t>(begin - nodes_.begin())), start);
  }

 private:
  size_t NodeOf(const KeyOp& op) {
    const auto [known, added] = by_call_.try_emplace(op.call, nodes_.size());
    if (added) nodes_.push_back({.invoked = op.invoked, .returned = op.returned, .call = op.call});
    return known->second;
  }

  void AddEdge(size_t from, size_t to) {
    if (from == to) return;
    nodes_[from].later.push_back(to);
    ++nodes_[to].earlier;
  }

  void AddKey(const KeyHistory& key) {
    for (size_t i = 0; i < key.versions.size(); ++i) {
      const size_t writer = NodeOf(key.ops[key.versions[i].op]);
      if (key.IsFollowed(i)) AddEdge(writer, NodeOf(key.ops[key.versions[i + 1].op]));
    }
    for (const KeyOp& op : key.ops) {
      if (op.kind != KeyOp::kSee || !op.call->snapshot) continue;
      const size_t reader = NodeOf(op);
      AddEdge(NodeOf(key.ops[key.versions[op.version].op]), reader);
      if (key.IsFollowed(op.version)) {
        AddEdge(reader, NodeOf(key.ops[key.versions[op.version + 1].op]));
      }
    }
  }

  // A node for each return, in their order, between those that had returned then
  // and those that were invoked later.
  void AddTime() {
    const size_t calls = nodes_.size();
    std::vector<std::pair<SerialTime, size_t>> returns;
    for (size_t i = 0; i < calls; ++i) {
      if (nodes_[i].returned != kNever) returns.emplace_back(nodes_[i].returned, i);
    }
    std::sort(returns.begin(), returns.end());
    for (size_t i = 0; i < returns.size(); ++i) {
      nodes_.push_back({.returned = returns[i].first});
      AddEdge(returns[i].second, calls + i);
      if (i > 0) AddEdge(calls + i - 1, calls + i);
    }
    for (size_t i = 0; i < calls; ++i) {
      const auto after = std::lower_bound(returns.begin(), returns.end(),
                                          std::make_pair(nodes_[i].invoked, size_t{0}));
      if (after == returns.begin()) continue;
      AddEdge(calls + static_cast<size_t>(after - returns.begin()) - 1, i);
    }
  }

  // Kahn's: what is left with something before it is on a circle, or after one.
  void RemoveOrdered() {
    std::vector<size_t> ready;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].earlier == 0) ready.push_back(i);
    }
    while (!ready.empty()) {
      const size_t node = ready.back();
      ready.pop_back();
      for (const size_t later : nodes_[node].later) {
        if (--nodes_[later].earlier == 0) ready.push_back(later);
      }
    }
  }

  // Backwards from a node that is left, until one comes again. Each has one before it.
  std::vector<size_t> Walk(size_t from) const {
    std::vector<size_t> before(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) {
      for (const size_t later : nodes_[i].later) {
        if (nodes_[i].earlier > 0) before[later] = i;
      }
    }
    std::vector<size_t> path;
    std::vector<bool> met(nodes_.size());
    for (; !met[from]; from = before[from]) {
      met[from] = true;
      path.push_back(from);
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), from));
    std::reverse(path.begin(), path.end());
    return path;
  }

  std::string Describe(const std::vector<size_t>& circle, SerialTime start) const {
    std::string out = "each of these comes before the next, and the last before the first:";
    size_t told = 0;
    for (const size_t i : circle) {
      const Node& node = nodes_[i];
      if (node.call == nullptr || ++told > 12) continue;
      absl::StrAppend(&out, "\n  ", SinceStart(node.invoked, start), " .. ",
                      SinceStart(node.returned, start), " ", node.call->what);
      for (const SerialRow& row : node.call->rows) {
        if (&row - node.call->rows.data() > 5) break;
        absl::StrAppend(&out, " ", row.key, " w", row.tag, " at ", row.changed);
      }
    }
    return out;
  }

  std::vector<Node> nodes_;
  std::unordered_map<const SerialCall*, size_t> by_call_;
};

}  // namespace

std::string FindCircle(const std::map<std::string, KeyHistory>& keys, SerialTime start) {
  return Graph(keys).Circle(start);
}

}  // namespace dataservice::test
