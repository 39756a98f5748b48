#include "serve/sql/claim.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/claims.h"
#include "engine_limits.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

constexpr char kCreated[] = "created";
constexpr char kResponse[] = "response";

// A value as text, as a result has it.
std::string AsText(const Column& column, const std::string& output) {
  const std::string text = absl::StrCat(output, "::text");
  const bool word = column.traits().cast_gives_word && !column.array;
  return word ? absl::StrCat("left(", text, ", 1)") : text;
}

}  // namespace

std::string ClaimTableName(std::string_view schema) {
  return absl::StrCat(Identifier(schema), ".", View(kClaimTable));
}

ClaimValues AddClaim(BatchRows& rows) {
  ClaimValues values;
  values.request_id = rows.Add(Parameter{}, "text[]");
  values.digest = rows.Add(Parameter{}, "bytea[]");
  return values;
}

// A subquery for each row, and no join: whatever the statistics say, it is one look at the
// primary key.
std::string WhereUnclaimed(std::string_view schema, const ClaimValues& values) {
  return absl::StrCat(" WHERE (SELECT k.request_id FROM ", ClaimTableName(schema),
                      " AS k WHERE k.request_id = ", values.request_id, ") IS NULL");
}

std::string ClaimAnswer(const Resource& resource, const std::vector<std::string>& outputs,
                        std::string_view created) {
  std::string names;
  std::vector<std::string> values;
  for (size_t i = 0; i < outputs.size(); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ",", resource.columns[i].number);
    values.push_back(AsText(resource.columns[i], outputs[i]));
  }
  if (!created.empty()) {
    absl::StrAppend(&names, ",", kCreated);
    values.push_back(absl::StrCat("(", View(created), ")::text"));
  }
  return absl::StrCat("jsonb_object('{", names, "}', ARRAY[", absl::StrJoin(values, ", "), "])");
}

// In the order of the ids, so that two batches with the same ones do not wait
// for each other.
std::string InsertClaims(std::string_view schema, const ClaimValues& values,
                         std::string_view answer, std::string_view from) {
  return absl::StrCat(", k AS (INSERT INTO ", ClaimTableName(schema),
                      " (request_id, digest, answer) SELECT ", values.request_id, ", ",
                      values.digest, ", ", View(answer), " FROM ", View(from), " ORDER BY ",
                      values.request_id, ")");
}

std::string ClaimsText(const Shape& shape) {
  const Resource& resource = ResourceOf(shape);
  std::string out =
      absl::StrCat("SELECT k.request_id, encode(k.digest, 'hex'), k.answer->>'", kCreated, "'");
  if (!std::holds_alternative<DeleteShape>(shape)) {
    for (const Column& column : resource.columns) {
      absl::StrAppend(&out, ", k.answer->>'", column.number, "'");
    }
  }
  absl::StrAppend(&out, " FROM ", ClaimTableName(resource.schema),
                  " AS k WHERE k.request_id = ANY($1::text[])");
  return out;
}

std::string ClaimResponseText(std::string_view schema) {
  return absl::StrCat("INSERT INTO ", ClaimTableName(schema),
                      " (request_id, digest, answer) VALUES ($1::text, $2::bytea, "
                      "jsonb_build_object('",
                      kResponse, "', $3::text)) ON CONFLICT DO NOTHING");
}

std::string ClaimedResponseText(std::string_view schema) {
  return absl::StrCat("SELECT encode(k.digest, 'hex'), k.answer->>'", kResponse, "' FROM ",
                      ClaimTableName(schema), " AS k WHERE k.request_id = $1::text");
}

// By ctid: claims are never changed, so it stays, and two cleaners that meet
// take their rows in the same order.
std::string DeleteClaimsText(std::string_view schema) {
  const std::string table = ClaimTableName(schema);
  const std::string old = "create_time < now() - $1::double precision * interval '1 second'";
  return absl::StrCat("DELETE FROM ", table, " WHERE ctid = ANY(ARRAY(SELECT ctid FROM ", table,
                      " WHERE ", old, " ORDER BY create_time LIMIT ", kClaimsPerDeletion, ")) AND ",
                      old);
}

}  // namespace dataservice
