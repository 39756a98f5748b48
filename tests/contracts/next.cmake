# The bookstore's next contract, made of the shipped one: what a team changes while
# its service goes on. It widens a field, adds one with an index, and removes one.
file(READ ${CMAKE_SOURCE_DIR}/proto/bookstore/v1/bookstore.proto next)
function(edit from to)
  string(FIND "${next}" "${from}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "tests/contracts/next.cmake: the contract has no `${from}`")
  endif()
  string(REPLACE "${from}" "${to}" changed "${next}")
  set(next "${changed}" PARENT_SCOPE)
endfunction()
edit([[(buf.validate.field).string.max_len = 200]] [[(buf.validate.field).string.max_len = 300]])
edit([[{fields: ["year"]}]] [[{fields: ["year"]},
      {fields: ["isbn"]}]])
edit([[  // Publishing house or printer.
  string publisher = 4 [
    (google.api.field_behavior) = REQUIRED,
    (buf.validate.field).string.max_len = 100,
    (buf.validate.field).string.example = "T. Egerton"
  ];
]] [[  reserved 4;
  reserved "publisher";
  // Number of the edition.
  optional string isbn = 11 [(buf.validate.field).string.max_len = 20];
]])
edit([[  // See title.
  string publisher = 5;
]] [[  reserved 5;
  reserved "publisher";
]])
set(NEXT_PROTOS ${CMAKE_BINARY_DIR}/next/source)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/proto/bookstore/v1/bookstore.proto)
# Written only when it changes.
file(CONFIGURE OUTPUT ${NEXT_PROTOS}/bookstore/v1/bookstore.proto CONTENT "${next}" @ONLY)
