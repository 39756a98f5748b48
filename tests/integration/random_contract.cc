#include "random_contract.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dataservice::test {
namespace {

int Dice(std::mt19937& random, int sides) {
  return std::uniform_int_distribution<int>(0, sides - 1)(random);
}

struct Type {
  const char* name;
  bool optional;      // may be
  const char* rule;   // with $ for the bound; empty if it has none here
  const char* value;  // an SQL expression over a row number, i
};

// Small values, so that narrower types and rules often hold them.
constexpr Type kTypes[] = {
    {"string", true, "string.max_len = $", "substr(md5(i::text), 1, i % 14)"},
    {"uuid", true, "", "md5(i::text)::uuid"},
    {"bool", true, "", "i % 2 = 0"},
    {"int32", true, "int32.lte = $", "i % 12"},
    {"int64", true, "int64.lte = $", "i % 12"},
    {"uint32", true, "uint32.lte = $", "i % 12"},
    {"uint64", true, "uint64.lte = $", "i % 12"},
    {"float", true, "float.lte = $", "i % 12 + 0.5"},
    {"double", true, "double.lte = $", "i % 12 + 0.5"},
    {"bytes", true, "bytes.max_len = $", "decode(md5(i::text), 'hex')"},
    {"State", true, "", "i % 3"},
    {"google.protobuf.Timestamp", false, "", "now()"},
    {"google.protobuf.Duration", false, "", "interval '5 s' * (i % 5)"},
    {"google.protobuf.StringValue", false, "", "nullif(i % 4, 0)::text"},
    {"google.type.Date", false, "", "date '2020-02-29' + i"},
    {"repeated string", false, "repeated.max_items = $", "ARRAY['a', 'b']"},
    {"repeated int32", false, "repeated.max_items = $", "ARRAY[i, i]"},
    {"Address", false, "", "'{\"street\":\"s\"}'::jsonb"},
    {"map<string, int32>", false, "map.max_pairs = $", "'{\"a\":1}'::jsonb"},
};

const Type& TypeNamed(const std::string& name) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [&](const Type& type) { return name == type.name; });
}

void Retype(RandomField& field, std::mt19937& random) {
  const Type& type = kTypes[Dice(random, std::size(kTypes))];
  field.type = type.name;
  field.optional = type.optional && Dice(random, 3) == 0;
  field.bound = *type.rule != '\0' && Dice(random, 2) == 0 ? 5 + Dice(random, 40) : 0;
  const bool scalar = type.optional;
  field.indexed = scalar && field.type != "bytes" && Dice(random, 4) == 0;
}

RandomField NewField(int number, std::mt19937& random) {
  RandomField field{.number = number, .name = absl::StrCat("f", number)};
  Retype(field, random);
  return field;
}

std::string FieldText(const RandomField& field) {
  const Type& type = TypeNamed(field.type);
  std::vector<std::string> options;
  if (field.type == "uuid") options.push_back("(buf.validate.field).string.uuid = true");
  if (field.bound > 0) {
    std::string rule = type.rule;
    rule.replace(rule.find('$'), 1, absl::StrCat(field.bound));
    options.push_back(absl::StrCat("(buf.validate.field).", rule));
  }
  return absl::StrCat(
      "  ", field.optional ? "optional " : "", field.type == "uuid" ? "string" : field.type, " ",
      field.name, " = ", field.number,
      options.empty() ? "" : absl::StrCat(" [", absl::StrJoin(options, ", "), "]"), ";\n");
}

void Change(RandomField& field, std::mt19937& random) {
  switch (Dice(random, 8)) {
    case 0:
      field.name = absl::StrCat("r", field.number, "_", Dice(random, 100));
      break;
    case 1:
      Retype(field, random);
      break;
    case 2:
      // The narrower and wider of the same family.
      if (field.type == "int32") field.type = "int64";
      if (field.type == "uint32") field.type = "uint64";
      if (field.type == "float") field.type = "double";
      break;
    case 3:
      if (field.bound > 0) field.bound = 5 + Dice(random, 40);
      break;
    case 4:
      field.optional = TypeNamed(field.type).optional && !field.optional;
      break;
    case 5:
      field.bound = 0;
      break;
    default:
      break;
  }
  // The rule is of the type that has it.
  if (*TypeNamed(field.type).rule == '\0') field.bound = 0;
}

}  // namespace

RandomContract::RandomContract(std::mt19937& random) {
  const int count = 1 + Dice(random, 2);
  for (int i = 0; i < count; ++i) {
    RandomMessage message{.name = absl::StrCat("M", i), .table = absl::StrCat("m", i)};
    const int fields = 1 + Dice(random, 6);
    for (int number = 2; number < 2 + fields; ++number) {
      message.fields.push_back(NewField(number, random));
    }
    message.refers = i > 0 && Dice(random, 2) == 0;
    messages.push_back(std::move(message));
  }
}

RandomContract RandomContract::Changed(std::mt19937& random) const {
  RandomContract out = *this;
  if (out.messages.size() > 1 && Dice(random, 8) == 0) out.messages.pop_back();
  for (RandomMessage& message : out.messages) {
    for (RandomField& field : message.fields) Change(field, random);
    if (!message.fields.empty() && Dice(random, 3) == 0) message.fields.pop_back();
    if (Dice(random, 3) == 0) message.fields.push_back(NewField(10 + Dice(random, 5), random));
    if (message.fields.size() > 1 && Dice(random, 6) == 0) {
      std::swap(message.fields[0].name, message.fields[1].name);
    }
    std::shuffle(message.fields.begin(), message.fields.end(), random);
    if (Dice(random, 8) == 0) message.table = absl::StrCat(message.table, "_", Dice(random, 100));
    if (&message != &out.messages[0] && Dice(random, 3) == 0) message.refers = !message.refers;
    if (Dice(random, 4) == 0) message.cascades = !message.cascades;
  }
  if (Dice(random, 4) == 0) {
    const size_t i = messages.size() + 1;
    out.messages.push_back({.name = absl::StrCat("M", i),
                            .table = absl::StrCat("m", i),
                            .fields = {NewField(2, random)},
                            .refers = true});
  }
  return out;
}

std::string RandomContract::Proto() const {
  std::string out =
      "enum State { STATE_UNSPECIFIED = 0; NEW = 1; PAID = 2; }\n"
      "message Address { string street = 1; string city = 2; }\n";
  for (const RandomMessage& message : messages) {
    std::vector<std::string> indexes;
    std::string fields;
    for (const RandomField& field : message.fields) {
      fields += FieldText(field);
      if (field.indexed && TypeNamed(field.type).optional && field.type != "bytes") {
        indexes.push_back(absl::StrCat("{fields: [\"", field.name, "\"]}"));
      }
    }
    absl::StrAppend(&out, "message ", message.name, " {\n  option (storage.v1.table) = {name: \"",
                    message.table, "\" indexes: [", absl::StrJoin(indexes, ", "),
                    "]};\n  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];\n", fields);
    if (message.refers) {
      absl::StrAppend(&out, "  optional int64 parent_id = 20 [(storage.v1.column).references = ",
                      "{resource: \"M0\" on_delete: ",
                      message.cascades ? "ON_DELETE_CASCADE" : "ON_DELETE_SET_NULL", "}];\n");
    }
    out += "}\n";
  }
  return out;
}

std::vector<std::string> RandomContract::Rows(std::mt19937& random) const {
  std::vector<std::string> out;
  for (const RandomMessage& message : messages) {
    for (int id = 1; id <= 12; ++id) {
      std::vector<std::string> columns = {"id"};
      std::vector<std::string> values = {absl::StrCat(id)};
      for (const RandomField& field : message.fields) {
        const Type& type = TypeNamed(field.type);
        const bool message_type =
            absl::StartsWith(field.type, "google.") || field.type == "Address";
        columns.push_back(field.name);
        values.push_back((field.optional || message_type) && Dice(random, 4) == 0
                             ? "NULL"
                             : std::string(type.value));
      }
      if (message.refers) {
        columns.push_back("parent_id");
        values.push_back(Dice(random, 3) == 0 ? "NULL" : "1");
      }
      out.push_back(absl::StrCat(
          "INSERT INTO test.", message.table, " (", absl::StrJoin(columns, ", "), ") SELECT ",
          absl::StrJoin(values, ", "), " FROM (SELECT ", Dice(random, 100), " AS i) AS row"));
    }
  }
  return out;
}

}  // namespace dataservice::test
