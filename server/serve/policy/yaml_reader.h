// Strict reading of a YAML document, with the place of every problem.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dataservice {

// A text of the document, and where it is.
struct YamlText {
  std::string text;
  YAML::Mark mark;
};

// Collects the problems of one document. Plain scalars have the types of YAML 1.2's core schema,
// so that true, 12 and null are no texts unless they are quoted. Not thread-safe.
class YamlReader {
 public:
  // A key that a mapping may have.
  struct Key {
    std::string_view name;
    std::function<void(const YAML::Node& value)> read;
    bool required = false;
  };

  // `file` is the name in messages.
  explicit YamlReader(std::string_view file) : file_(file) {}

  // The only document of a text; null, with a problem, if it has another number of documents or
  // is not well-formed.
  std::optional<YAML::Node> Parse(std::string_view text);

  // Reads a mapping that has these keys and no others, each at most once.
  void ReadMapping(const YAML::Node& node, std::string_view what, const std::vector<Key>& keys);
  // Reads a sequence that is not empty, unless `may_be_empty`.
  void ReadSequence(const YAML::Node& node, std::string_view what,
                    const std::function<void(const YAML::Node& element)>& read,
                    bool may_be_empty = false);
  // A text that is not empty.
  std::optional<YamlText> ReadText(const YAML::Node& node, std::string_view what);
  // A text, or a sequence of texts.
  std::vector<YamlText> ReadTexts(const YAML::Node& node, std::string_view what);
  // The word true; there is no reason to write false.
  bool ReadTrue(const YAML::Node& node, std::string_view what);

  void Report(const YAML::Mark& mark, std::string_view problem);

  bool ok() const { return problems_.empty(); }
  // INVALID_ARGUMENT with a line "file:line:column: problem" for each; OK if there is none.
  absl::Status ToStatus() const;

 private:
  const std::string file_;
  std::vector<std::string> problems_;
};

// The type of a scalar.
enum class YamlType { kNull, kBool, kNumber, kText, kUnknown };
YamlType TypeOf(const YAML::Node& scalar);

}  // namespace dataservice
