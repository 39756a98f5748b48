#include "serve/values/wire_reader.h"

namespace dataservice {
namespace {

constexpr int kMaxGroups = 100;  // within each other
constexpr uint64_t kMaxFieldNumber = (1u << 29) - 1;

}  // namespace

bool WireReader::ReadVarint(uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (position_ == text_.size()) return Fail();
    const auto byte = static_cast<unsigned char>(text_[position_++]);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return Fail();
}

bool WireReader::ReadFixed(size_t size, uint64_t& value) {
  if (text_.size() - position_ < size) return Fail();
  value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= static_cast<uint64_t>(static_cast<unsigned char>(text_[position_ + i])) << (8 * i);
  }
  position_ += size;
  return true;
}

bool WireReader::ReadValue(WireField& field) {
  switch (field.type) {
    case WireType::kVarint:
      return ReadVarint(field.value);
    case WireType::kFixed64:
      return ReadFixed(8, field.value);
    case WireType::kFixed32:
      return ReadFixed(4, field.value);
    case WireType::kBytes: {
      uint64_t size = 0;
      if (!ReadVarint(size)) return false;
      if (size > text_.size() - position_) return Fail();
      field.bytes = text_.substr(position_, size);
      position_ += size;
      return true;
    }
    case WireType::kStartGroup:
    case WireType::kEndGroup:
      break;
  }
  return Fail();
}

bool WireReader::SkipGroup(int number, int depth) {
  if (depth > kMaxGroups) return Fail();
  while (true) {
    uint64_t tag = 0;
    if (!ReadVarint(tag)) return false;
    WireField inner{.number = static_cast<int>(tag >> 3), .type = static_cast<WireType>(tag & 7)};
    if (inner.type == WireType::kEndGroup) return inner.number == number || Fail();
    const bool skipped =
        inner.type == WireType::kStartGroup ? SkipGroup(inner.number, depth + 1) : ReadValue(inner);
    if (!skipped) return false;
  }
}

bool WireReader::Next(WireField& field) {
  while (position_ < text_.size()) {
    uint64_t tag = 0;
    if (!ReadVarint(tag)) return false;
    const uint64_t number = tag >> 3;
    if (number == 0 || number > kMaxFieldNumber) return Fail();
    field.number = static_cast<int>(number);
    field.type = static_cast<WireType>(tag & 7);
    if (field.type != WireType::kStartGroup) return ReadValue(field);
    if (!SkipGroup(field.number, 1)) return false;
  }
  return false;
}

bool WireReader::NextPacked(WireType type, uint64_t& value) {
  if (position_ == text_.size()) return false;
  WireField element{.type = type};
  if (type == WireType::kBytes || !ReadValue(element)) return Fail();
  value = element.value;
  return true;
}

}  // namespace dataservice
