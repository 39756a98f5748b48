# Unit tests of server/rules, as one program; included by tests/CMakeLists.txt.
proto_library(rules_test_protos
  ROOT ${CMAKE_CURRENT_LIST_DIR}
  IMPORTS ${PROTO_DEPS}
  FILES protos/rules_test.proto)
target_link_libraries(rules_test_protos PUBLIC third_party_protos)
add_dependencies(rules_test_protos third_party_protos)

add_executable(rules_test
  ${CMAKE_CURRENT_LIST_DIR}/rules_collection_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_fixture.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_formats_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_hostile_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_message_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_number_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_refusal_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_string_test.cc
  ${CMAKE_CURRENT_LIST_DIR}/rules_time_test.cc)
target_include_directories(rules_test PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(rules_test PRIVATE
  RULES_PROTOC="${PROTOC}" RULES_PROTO_DEPS="${PROTO_DEPS}")
target_link_libraries(rules_test PRIVATE rules rules_test_protos GTest::gmock_main
                                         Threads::Threads)
add_test(NAME rules COMMAND rules_test)
