// Resolves the member of a restriction, "a.b.c", to a field of the resource.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "contract/condition.h"
#include "contract/resource.h"
#include "serve/filter/field_type.h"
#include "serve/filter/syntax.h"
#include "serve/values/values.h"

namespace dataservice::filter {

// A member that exists in the contract.
struct Member {
  std::string name;  // as written, for messages
  Form form = Form::kScalar;
  // The field that gives the type: for wrappers their value's.
  const google::protobuf::FieldDescriptor* field = nullptr;
  const Column* column = nullptr;
  // Column, path, leaf and zero are set.
  Comparison comparison;
  // Whether it has presence, and so can be null.
  bool can_be_absent = false;
  // Whether the path leads through the elements of a repeated field, any of which may match.
  bool of_elements = false;
  // Whether it is a map's entry.
  bool of_map = false;

  bool inside_json() const { return comparison.leaf != LeafType::kColumn; }
};

// Finds a member. Fields go by any spelling (contract/field_lookup.h). The keys of
// maps on its way are appended to `values`.
bool ResolveMember(const Resource& resource, const std::vector<Word>& words, Member& member,
                   Values& values, Problem& problem);

// One more step: the field of a message, or the entry of a map, that `word`
// names.
bool StepInto(const Word& word, Member& member, Values& values, Problem& problem);

// One more step: any element of a repeated field.
void StepIntoElements(Member& member);

}  // namespace dataservice::filter
