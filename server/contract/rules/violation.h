// A broken rule, as it is reported to the caller.
#pragma once

#include <string>

namespace dataservice {

struct Violation {
  // Path in proto field names, as protovalidate writes it: a.b[3].c, map keys as
  // a["k"]. Empty for a rule of the message itself.
  std::string field;
  // For people: "must be at most 200 characters".
  std::string description;
  // The name in protovalidate: "string.max_len". Empty only if it has no name.
  std::string rule_id;
  // The path of the rule in buf.validate.FieldRules: "repeated.items.string.max_len". Empty for a
  // rule of a oneof, a message or another option.
  std::string rule_path;
  // The key of a map's entry breaks the rule, not the value.
  bool for_key = false;
};

}  // namespace dataservice
