// One SQL text, its parameters and its result.
#pragma once

#include <string>
#include <vector>

#include "contract/shape.h"
#include "serve/sql/outputs.h"

namespace dataservice {

// How an array literal represents NULL. The word NULL would be a text under array_nulls=off.
enum class NullForm {
  kNone,   // no element is NULL
  kEmpty,  // as the empty text, which is not a value of the type
  kTilde,  // as "~"; values that begin with "~" get another one in front
};

// A statement's parameter.
struct Parameter {
  // An array literal with one value of each operation of the batch. Otherwise the statement
  // executes one operation, and the parameter is its value.
  bool array = true;
  // Values may need quotes inside an array literal.
  bool quote = true;
  NullForm nulls = NullForm::kNone;
};

// The text of a shape. Immutable; thread-safe. Columns of its result, in order:
// - get: the outputs, which without a read mask are the resource's columns;
// - export: as get;
// - list: the count of all rows where the shape asks for it, or, in a statement
//   that serves many lists (shared_list.h), the operation's number, then as get;
// - create: as get;
// - upsert: key, owner if there is one, whether the row was inserted, the resource's columns;
// - update: key, verdict ("ok", "etag", "immutable 3 4" with the numbers of the fields that
//   differ, "absent"), owner if there is one, the resource's columns;
// - delete: key, verdict ("ok", "etag"), owner if there is one;
// - lock: the keys of the rows that exist.
// If the resource has an owner, each statement changes only rows of the owners of its operations.
// It also reads only those, if the rows are private and the shape does not ask for all owners.
// Keys without a row in the result: not found (get, update, delete), exists
// already (create), or an immutable field differs (upsert).
struct Statement {
  Shape shape;
  std::string text;
  // For each, an operation gives a value in this order: its key first (a list:
  // the values of the position to continue after, if any); the owner, if the statement compares
  // or writes it; update and delete:
  // an array of the etags' versions, empty for none, where the resource has an etag; the
  // values of the shape's columns and then of its merges; a list and an export: the
  // values of its condition, and the limit; a claimed write: its request_id and
  // the digest of the request.
  std::vector<Parameter> parameters;
  // Where the result has the key.
  int key_column = 0;
  // Where the result has the owner; -1 if no operation gives one, and for a list, an export and a
  // lock.
  int owner_column = -1;
  // Where the outputs begin in the result; -1 if it has none.
  int first_column = -1;
  // Where the result has the number, from 1, of the operation that a row belongs
  // to; -1 if a list's statement serves one.
  int number_column = -1;
  // Update and delete: where the result has the verdict; -1 if it has none.
  int verdict_column = -1;
  // Upsert: where the result has whether the row was inserted ("t"); -1 if it has not.
  int inserted_column = -1;
  // BuildStatement() sets them.
  std::vector<Output> outputs;
  // An update or upsert that returns jsonb values which it does not write: only its result shows
  // whether they can be decoded. BuildStatement() sets it.
  bool answers_old_json = false;

  // Where the result has a column of the resource that is among the outputs.
  int ResultColumn(int column) const;
  // A claimed write: reads the claims of the request_ids $1 (serve/sql/claim.h).
  std::string claims_text;
};

// Builds the statement of a shape. Its text begins with a comment that has the kind of its method
// and the resource, for who looks at the database. Schema-qualified throughout, so that no
// search_path matters, and well under RDS Proxy's 16 KB for ordinary resources.
Statement BuildStatement(const Shape& shape);

// One builder a kind; BuildStatement chooses.
Statement BuildGet(const GetShape& shape);
Statement BuildList(const ListShape& shape);
Statement BuildCreate(const CreateShape& shape);
Statement BuildUpsert(const UpsertShape& shape);
Statement BuildUpdate(const UpdateShape& shape);
Statement BuildDelete(const DeleteShape& shape);
Statement BuildLock(const LockShape& shape);
Statement BuildExport(const ExportShape& shape);

// How values of a column travel as a batch's parameter.
Parameter BatchParameter(const Column& column);

// The type of a batch's parameter for a column, "uuid[]"; columns that are
// arrays themselves travel as text[] of array literals, because unnest would
// flatten an array of arrays.
std::string BatchTypeName(const Column& column);

}  // namespace dataservice
