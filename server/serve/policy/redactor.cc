#include "serve/policy/redactor.h"

#include <algorithm>
#include <utility>

#include "serve/values/wire.h"
#include "serve/values/wire_reader.h"

namespace dataservice {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

Redactor::Redactor(const FieldSet& hidden, const std::vector<const Descriptor*>& roots) {
  if (hidden.empty()) return;
  for (const Descriptor* root : roots) Add(*root, hidden);
  Prune();
}

void Redactor::Add(const Descriptor& type, const FieldSet& hidden) {
  if (types_.contains(&type)) return;
  Type added;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (hidden.contains(field)) {
      added.hidden.insert(field->number());
    } else if (field->message_type() != nullptr) {
      added.inside.emplace(field->number(), field->message_type());
    }
  }
  const auto inside = added.inside;
  types_.emplace(&type, std::move(added));
  for (const auto& [number, inner] : inside) Add(*inner, hidden);
}

void Redactor::Prune() {
  absl::flat_hash_set<const Descriptor*> kept;
  const auto is_kept = [&](const auto& entry) { return kept.contains(entry.second); };
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [descriptor, type] : types_) {
      const bool matters =
          !type.hidden.empty() || std::any_of(type.inside.begin(), type.inside.end(), is_kept);
      if (matters && kept.insert(descriptor).second) grown = true;
    }
  }
  absl::erase_if(types_, [&](const auto& entry) { return !kept.contains(entry.first); });
  for (auto& [descriptor, type] : types_) {
    absl::erase_if(type.inside, [&](const auto& entry) { return !is_kept(entry); });
  }
}

bool Redactor::Redact(const Descriptor& type, std::string& wire) const {
  const auto found = types_.find(&type);
  if (found == types_.end()) return true;
  std::string out;
  out.reserve(wire.size());
  const bool complete = Append(found->second, wire, out);
  wire = complete ? std::move(out) : std::string();
  return complete;
}

bool Redactor::Append(const Type& type, std::string_view wire, std::string& out) const {
  WireReader reader(wire);
  size_t begin = 0;
  for (WireField field; reader.Next(field); begin = reader.position()) {
    if (type.hidden.contains(field.number)) continue;
    const auto inside = type.inside.find(field.number);
    if (inside == type.inside.end() || field.type != WireType::kBytes) {
      out += wire.substr(begin, reader.position() - begin);
      continue;
    }
    OpenField message(field.number, field.bytes.size(), out);
    if (!Append(types_.find(inside->second)->second, field.bytes, out)) return false;
    message.Close();
  }
  return reader.ok();
}

}  // namespace dataservice
