# Protos that the contract imports. They come from installed packages;
# deploy/local/setup lays them in PROTO_DEPS.
set(PROTO_DEPS ${CMAKE_SOURCE_DIR}/.deps/protos CACHE PATH
    "Folder with google/api, google/rpc, google/type and buf/validate")
if(NOT EXISTS ${PROTO_DEPS}/buf/validate/validate.proto)
  message(FATAL_ERROR "${PROTO_DEPS} has no buf/validate: run deploy/local/setup first")
endif()
find_program(PROTOC protoc REQUIRED)

# proto_library(TARGET [OBJECT] ROOT dir [OUT dir] [IMPORTS dir...] FILES file...)
# Compiles protos, named relative to ROOT, to a C++ library. An OBJECT library
# keeps its descriptors even where nothing refers to a class. OUT is for one that
# has files of the same names as another.
function(proto_library target)
  cmake_parse_arguments(ARG "OBJECT" "ROOT;OUT" "IMPORTS;FILES" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/protos)
  if(ARG_OUT)
    set(out ${ARG_OUT})
  endif()
  file(MAKE_DIRECTORY ${out})
  set(paths -I${ARG_ROOT})
  foreach(dir ${ARG_IMPORTS})
    list(APPEND paths -I${dir})
  endforeach()
  set(sources)
  foreach(file ${ARG_FILES})
    string(REGEX REPLACE "[.]proto$" "" stem ${file})
    add_custom_command(
      OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
      COMMAND ${PROTOC} ${paths} --cpp_out=${out} ${file}
      DEPENDS ${ARG_ROOT}/${file}
      COMMENT "protoc ${file}"
      VERBATIM)
    list(APPEND sources ${out}/${stem}.pb.cc)
  endforeach()
  if(ARG_OBJECT)
    add_library(${target} OBJECT ${sources})
  else()
    add_library(${target} STATIC ${sources})
  endif()
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_compile_options(${target} PRIVATE -w ${GENERATED_CODE_OPTIONS})
  target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF)
endfunction()

proto_library(third_party_protos
  ROOT ${PROTO_DEPS}
  FILES
    buf/validate/validate.proto
    google/api/annotations.proto
    google/api/field_behavior.proto
    google/api/http.proto
    google/api/resource.proto
    google/rpc/code.proto
    google/rpc/error_details.proto
    google/rpc/status.proto
    google/type/calendar_period.proto
    google/type/color.proto
    google/type/date.proto
    google/type/datetime.proto
    google/type/dayofweek.proto
    google/type/decimal.proto
    google/type/expr.proto
    google/type/fraction.proto
    google/type/interval.proto
    google/type/latlng.proto
    google/type/localized_text.proto
    google/type/money.proto
    google/type/month.proto
    google/type/phone_number.proto
    google/type/postal_address.proto
    google/type/quaternion.proto
    google/type/timeofday.proto)

proto_library(storage_protos
  ROOT ${CMAKE_SOURCE_DIR}/proto
  FILES storage/v1/storage.proto)

# The engine's own messages, which no contract imports.
proto_library(dataservice_protos
  ROOT ${CMAKE_SOURCE_DIR}/proto
  FILES
    dataservice/v1/calls.proto
    dataservice/v1/contract_description.proto
    dataservice/v1/error_reason.proto)
