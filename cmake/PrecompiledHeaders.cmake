# Precompiled headers: half of the time of an average compilation is the parsing
# of the same library headers. Only headers of libraries are in them, so that a
# change of ours invalidates nothing, and every source still includes what it
# uses. ccache caches the compilations that use them as well (compile.sh sets
# the sloppiness that it asks for).

# A precompiled header serves only sources with the same macros. These come from
# some of the libraries (-pthread defines _REENTRANT), so that all sources get them.
add_compile_options(-pthread)
add_compile_definitions(NOMINMAX)
# Without it, ccache never finds a compilation with a precompiled header of Clang.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# precompiled_headers(NAME HEADERS header... LINK library...): a set of headers,
# for use_precompiled_headers.
function(precompiled_headers name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/${name}.cc)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "// Carries a precompiled header.\n")
  endif()
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# use_precompiled_headers(TARGET NAME)
function(use_precompiled_headers target name)
  target_precompile_headers(${target} REUSE_FROM ${name})
  target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:${name},INTERFACE_COMPILE_OPTIONS>)
endfunction()

set(ENGINE_HEADERS
  <algorithm> <chrono> <functional> <map> <memory> <optional> <set> <string> <string_view>
  <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/match.h> <absl/strings/str_cat.h> <absl/strings/str_join.h>
  <absl/strings/str_split.h> <absl/synchronization/mutex.h> <absl/time/time.h>
  <google/protobuf/descriptor.h> <google/protobuf/message.h>
  <google/protobuf/descriptor.pb.h> <google/protobuf/util/json_util.h>)
set(ENGINE_LIBRARIES PkgConfig::PROTOBUF absl::flat_hash_map absl::statusor absl::strings
  absl::synchronization absl::time Threads::Threads)
precompiled_headers(engine_headers HEADERS ${ENGINE_HEADERS} LINK ${ENGINE_LIBRARIES})
# The same with less optimisation, for code that waits for the database or runs once.
precompiled_headers(schema_headers HEADERS ${ENGINE_HEADERS} LINK ${ENGINE_LIBRARIES})
target_compile_options(schema_headers PUBLIC -O1)
precompiled_headers(command_headers HEADERS ${ENGINE_HEADERS} <CLI/CLI.hpp> LINK ${ENGINE_LIBRARIES})
target_compile_options(command_headers PUBLIC -O1)

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  precompiled_headers(test_headers
    HEADERS
      <algorithm> <chrono> <functional> <map> <memory> <optional> <set> <string> <string_view>
      <thread> <utility> <vector>
      <gmock/gmock.h> <gtest/gtest.h>
      <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h>
      <absl/strings/str_cat.h> <absl/strings/str_join.h> <absl/strings/str_split.h>
      <absl/synchronization/mutex.h> <absl/time/time.h>
      <google/protobuf/descriptor.h> <google/protobuf/message.h>
      <google/protobuf/util/json_util.h> <grpcpp/grpcpp.h> <pqxx/pqxx>
    LINK PkgConfig::PROTOBUF PkgConfig::GRPC PkgConfig::PQXX GTest::gmock absl::flat_hash_map
         absl::statusor absl::strings absl::synchronization absl::time Threads::Threads)
  # A test is compiled more often than it runs: little optimisation makes its
  # compilation a third shorter. The engine that it tests is optimised in full.
  target_compile_options(test_headers PUBLIC -O1)
endif()
