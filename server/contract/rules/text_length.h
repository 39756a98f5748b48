// The length rules of strings and bytes. Rejects rules that together allow no length.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/rule_reader.h"

namespace dataservice::rules {

class TextLength {
 public:
  // len, min_len and max_len of a string, in characters.
  void CompileCharacters(RuleReader& reader, std::vector<Check>* checks);
  // The same rules in bytes, under the given names.
  void CompileBytes(RuleReader& reader, std::vector<Check>* checks, const std::string& len,
                    const std::string& min, const std::string& max);

  // `rule` accepts only texts that contain `part`.
  void AtLeast(RuleReader& reader, std::string_view rule, std::string_view part);
  // `rule` accepts only texts of `length` ASCII characters.
  void Exactly(RuleReader& reader, std::string_view rule, uint64_t length);

 private:
  struct Interval {
    uint64_t min = 0;
    uint64_t max = std::numeric_limits<uint64_t>::max();
  };

  // Limits each interval by the other (a character has 1 to 4 bytes) and rejects `rule` if one of
  // them becomes empty.
  void Settle(RuleReader& reader, std::string_view rule);

  Interval characters_;
  Interval bytes_;
  bool refused_ = false;
};

}  // namespace dataservice::rules
