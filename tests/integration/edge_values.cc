#include "edge_values.h"

#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dataservice::test {
namespace {

// Lengths that rules name, and their neighbours.
std::vector<size_t> Lengths(const RuleSeeds& seeds) {
  std::vector<size_t> out;
  for (const absl::int128 n : seeds.integers) {
    for (int d = -1; d <= 1; ++d) {
      if (n + d >= 0 && n + d <= 64) out.push_back(static_cast<size_t>(n + d));
    }
  }
  return out;
}

std::string Repeat(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string WithoutLast(std::string text) {
  while (!text.empty() && (text.back() & 0xC0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
  return text;
}

void AddNeighbours(const std::string& text, std::vector<std::string>& out) {
  out.insert(out.end(), {text, text + "x", "x" + text, "x" + text + "x",
                         absl::AsciiStrToUpper(text), absl::AsciiStrToLower(text)});
}

}  // namespace

std::vector<absl::int128> EdgeIntegers(const RuleSeeds& seeds, absl::int128 low,
                                       absl::int128 high) {
  std::set<absl::int128> all = {low, low + 1, high - 1, high, -1, 0, 1};
  for (const absl::int128 n : seeds.integers) all.insert({n - 1, n, n + 1});
  std::vector<absl::int128> out;
  for (const absl::int128 n : all) {
    if (low <= n && n <= high) out.push_back(n);
  }
  return out;
}

template <typename Float>
std::vector<Float> EdgeFloats(const RuleSeeds& seeds) {
  using Limits = std::numeric_limits<Float>;
  std::vector<Float> out = {0,
                            -Float(0),
                            1,
                            -1,
                            Limits::quiet_NaN(),
                            Limits::denorm_min(),
                            -Limits::denorm_min(),
                            Limits::min(),
                            Limits::max(),
                            Limits::lowest(),
                            Limits::infinity(),
                            -Limits::infinity()};
  for (const double seed : seeds.floats) {
    const Float value = static_cast<Float>(seed);
    out.insert(out.end(), {value, std::nextafter(value, Limits::infinity()),
                           std::nextafter(value, -Limits::infinity())});
  }
  return out;
}
template std::vector<float> EdgeFloats<float>(const RuleSeeds& seeds);
template std::vector<double> EdgeFloats<double>(const RuleSeeds& seeds);

std::vector<std::string> EdgeTexts(const RuleSeeds& seeds) {
  const std::string uuid = "0188a5eb-3f2c-7d11-9c0a-00a0c91e6bf6";
  std::vector<std::string> out = {
      "", "a", " ", "abc", "\n", "a\nb", "abc\n", "NULL", "null", "'", "\"", "\\", "{}", ",", "%",
      // One letter, precomposed and combined; beyond the basic plane.
      "\u00e9", "e\u0301", "\U0001F4DA", "\u00e9\u00e9\u00e9", "\U0001F4DA\U0001F4DAx",
      // Near the patterns.
      "a12", "a12!", "b123x!", "c12yz\n", "c12yz\r", "c1x", "ABC", "a.c", "a\nc", "__-", "\u00e91-",
      "xa-cx", "]", "[", "^", "-", "12345", "aaa",
      // Formats.
      uuid, absl::AsciiStrToUpper(uuid), absl::StrCat("{", uuid, "}"), uuid.substr(1), uuid + "0",
      "0188a5eb3f2c7d119c0a00a0c91e6bf6", "g188a5eb3f2c7d119c0a00a0c91e6bf6",
      "f188a5eb-3f2c-7d11-9c0a-00a0c91e6bf6", "0188a5eb-3f2c7-d11-9c0a-00a0c91e6bf6",
      "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "81ARZ3NDEKTSV4RRFFQ69G5FAV",
      "01ARZ3NDEKTSV4RRFFQ69G5FAU", "a.b.c", ".a.b", ".a", "a..b", "a.", ".", "1a", "_1.a_b", "a-b",
      "a@b.example"};
  for (const size_t n : Lengths(seeds)) {
    for (const char* character : {"a", "\u00e9", "\U0001F4DA"}) out.push_back(Repeat(character, n));
  }
  for (const std::string& seed : seeds.texts) {
    AddNeighbours(seed, out);
    out.push_back(WithoutLast(seed));
  }
  std::erase_if(out, [](const std::string& text) { return absl::StrContains(text, '\0'); });
  return out;
}

std::vector<std::string> EdgeBytes(const RuleSeeds& seeds) {
  std::vector<std::string> out = {
      "",   "a",       std::string(1, '\0'), "\xff", "\\", "\'", "\\x00", "\n", "aaa", "aab",
      "ab", "\xc3\xa9"};
  for (const size_t n : Lengths(seeds)) out.push_back(std::string(n, 'a'));
  for (const size_t n : {3, 4, 5, 15, 16, 17}) out.push_back(std::string(n, '\0'));
  for (const std::string& seed : seeds.texts) {
    AddNeighbours(seed, out);
    if (!seed.empty()) out.push_back(seed.substr(0, seed.size() - 1));
  }
  return out;
}

}  // namespace dataservice::test
