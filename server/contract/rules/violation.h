// A broken rule, as the caller of the service is told.
#pragma once

#include <string>

namespace dataservice {

struct Violation {
  // Path in proto field names, as protovalidate writes it: a.b[3].c, map keys as
  // a["k"]. Empty for a rule of the message itself.
  std::string field;
  // For people: "must be at most 200 characters".
  std::string description;
  // As protovalidate names it: "string.max_len". Empty only where no name exists.
  std::string rule_id;
  // Where the rule stands in buf.validate.FieldRules, "repeated.items.string.max_len";
  // empty for rules that stand elsewhere (a oneof, a message, another option).
  std::string rule_path;
  // The map's key is wrong, not its value.
  bool for_key = false;
};

}  // namespace dataservice
