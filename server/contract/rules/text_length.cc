#include "contract/rules/text_length.h"

#include <algorithm>

#include "contract/rules/rule_text.h"
#include "contract/rules/utf8.h"

namespace dataservice::rules {
namespace {

constexpr uint64_t kMaxBytesPerCharacter = 4;

// Characters are counted only if the number of bytes does not determine the result.
bool HasAtLeast(std::string_view text, uint64_t characters) {
  if (text.size() < characters) return false;
  return text.size() / kMaxBytesPerCharacter >= characters || CodePoints(text) >= characters;
}

bool HasAtMost(std::string_view text, uint64_t characters) {
  if (text.size() <= characters) return true;
  return text.size() / kMaxBytesPerCharacter <= characters && CodePoints(text) <= characters;
}

}  // namespace

void TextLength::CompileCharacters(RuleReader& reader, std::vector<Check>* checks) {
  if (const auto rule = reader.Take("len")) {
    const uint64_t length = rule->u;
    characters_ = {length, length};
    checks->push_back({[length](const Value& v) { return CodePoints(v.text) == length; },
                       reader.Say("len", "must be " + Text(length) + " characters")});
  }
  if (const auto rule = reader.Take("min_len")) {
    const uint64_t limit = rule->u;
    characters_.min = std::max(characters_.min, limit);
    Settle(reader, "min_len");
    checks->push_back({[limit](const Value& v) { return HasAtLeast(v.text, limit); },
                       reader.Say("min_len", "must be at least " + Text(limit) + " characters")});
  }
  if (const auto rule = reader.Take("max_len")) {
    const uint64_t limit = rule->u;
    characters_.max = std::min(characters_.max, limit);
    Settle(reader, "max_len");
    checks->push_back({[limit](const Value& v) { return HasAtMost(v.text, limit); },
                       reader.Say("max_len", "must be at most " + Text(limit) + " characters")});
  }
}

void TextLength::CompileBytes(RuleReader& reader, std::vector<Check>* checks,
                              const std::string& len, const std::string& min,
                              const std::string& max) {
  if (const auto rule = reader.Take(len)) {
    const uint64_t length = rule->u;
    bytes_.min = std::max(bytes_.min, length);
    bytes_.max = std::min(bytes_.max, length);
    Settle(reader, len);
    checks->push_back({[length](const Value& v) { return v.text.size() == length; },
                       reader.Say(len, "must be " + Text(length) + " bytes")});
  }
  if (const auto rule = reader.Take(min)) {
    const uint64_t limit = rule->u;
    bytes_.min = std::max(bytes_.min, limit);
    Settle(reader, min);
    checks->push_back({[limit](const Value& v) { return v.text.size() >= limit; },
                       reader.Say(min, "must be at least " + Text(limit) + " bytes")});
  }
  if (const auto rule = reader.Take(max)) {
    const uint64_t limit = rule->u;
    bytes_.max = std::min(bytes_.max, limit);
    Settle(reader, max);
    checks->push_back({[limit](const Value& v) { return v.text.size() <= limit; },
                       reader.Say(max, "must be at most " + Text(limit) + " bytes")});
  }
}

void TextLength::AtLeast(RuleReader& reader, std::string_view rule, std::string_view part) {
  bytes_.min = std::max<uint64_t>(bytes_.min, part.size());
  characters_.min = std::max<uint64_t>(characters_.min, CodePoints(part));
  Settle(reader, rule);
}

void TextLength::Exactly(RuleReader& reader, std::string_view rule, uint64_t length) {
  for (Interval* interval : {&characters_, &bytes_}) {
    interval->min = std::max(interval->min, length);
    interval->max = std::min(interval->max, length);
  }
  Settle(reader, rule);
}

void TextLength::Settle(RuleReader& reader, std::string_view rule) {
  characters_.min = std::max(characters_.min, bytes_.min / kMaxBytesPerCharacter +
                                                  (bytes_.min % kMaxBytesPerCharacter != 0));
  characters_.max = std::min(characters_.max, bytes_.max);
  bytes_.min = std::max(bytes_.min, characters_.min);
  if (characters_.min <= characters_.max && bytes_.min <= bytes_.max) return;
  if (!refused_) {
    reader.RefuseUnsatisfiable(rule, "the length rules of the field exclude each other");
  }
  refused_ = true;
}

}  // namespace dataservice::rules
