# data_service(NAME CONTRACT file... [PROTO_DIR dir] [PROTO_OUT dir] [HANDLERS file.cc...]
#              [NO_GATEWAY])
#
# Makes a service of a contract: NAME-server, NAME-schema and NAME-gateway. The target
# NAME-clients, which is not built by default, makes the client packages of all languages in
# BUILD/clients/NAME. The target NAME-cli makes the command line,
# BUILD/NAME.
# Files are relative to PROTO_DIR (default: proto/). Every service that they
# define is served; every message with (storage.v1.table) is a table. Methods that
# are no standard ones are served by HANDLERS (server/serve/custom/custom_methods.h).
# The web page of a contract, if it has one, is in page/ in the folder that its first
# file has in PROTO_DIR; the gateway serves it at /.
function(data_service name)
  cmake_parse_arguments(ARG "NO_GATEWAY" "PROTO_DIR;PROTO_OUT" "CONTRACT;HANDLERS" ${ARGN})
  if(NOT ARG_PROTO_DIR)
    set(ARG_PROTO_DIR ${CMAKE_SOURCE_DIR}/proto)
  endif()
  proto_library(${name}_contract OBJECT
    ROOT ${ARG_PROTO_DIR}
    OUT "${ARG_PROTO_OUT}"
    IMPORTS ${CMAKE_SOURCE_DIR}/proto ${PROTO_DEPS}
    FILES ${ARG_CONTRACT})
  target_link_libraries(${name}_contract PUBLIC storage_protos third_party_protos)
  add_dependencies(${name}_contract storage_protos third_party_protos)

  if(NOT ARG_HANDLERS)
    set(ARG_HANDLERS ${CMAKE_SOURCE_DIR}/server/program/no_custom_methods.cc)
  endif()

  list(JOIN ARG_CONTRACT "," files)
  set_property(GLOBAL PROPERTY CONTRACT_OF_${name} "${files}")
  foreach(program server schema)
    set(main program/server_main.cc)
    set(sources ${ARG_HANDLERS})
    set(engine engine_server)
    if(program STREQUAL schema)
      set(main program/schema_main.cc)
      set(sources)
      set(engine engine_tool)
    endif()
    add_executable(${name}-${program} ${CMAKE_SOURCE_DIR}/server/${main} ${sources})
    target_compile_definitions(${name}-${program} PRIVATE CONTRACT_FILES="${files}")
    target_link_libraries(${name}-${program} PRIVATE ${name}_contract ${engine})
    set_target_properties(${name}-${program} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  endforeach()

  if(NOT ARG_NO_GATEWAY AND EXISTS ${CMAKE_SOURCE_DIR}/gateway/build)
    list(GET ARG_CONTRACT 0 first)
    cmake_path(GET first PARENT_PATH folder)
    set(page)
    if(EXISTS ${CMAKE_SOURCE_DIR}/page/${folder}/index.html)
      set(page --page ${CMAKE_SOURCE_DIR}/page/${folder})
    endif()
    add_custom_target(${name}-gateway ALL
      COMMAND ${CMAKE_SOURCE_DIR}/gateway/build --name ${name}
        --schema_tool $<TARGET_FILE:${name}-schema>
        --out ${CMAKE_BINARY_DIR}/${name}-gateway ${page}
        --proto_dir ${ARG_PROTO_DIR} --proto_dir ${CMAKE_SOURCE_DIR}/proto
        --proto_deps ${PROTO_DEPS} ${ARG_CONTRACT}
      DEPENDS ${name}-schema
      COMMENT "gateway of ${name}"
      USES_TERMINAL
      VERBATIM)
  endif()

  if(NOT ARG_NO_GATEWAY)
    list(TRANSFORM ARG_CONTRACT PREPEND "--contract=" OUTPUT_VARIABLE contract_flags)
    add_custom_target(${name}-clients
      COMMAND ${CMAKE_SOURCE_DIR}/clients/generate --language all --name ${name}
        --proto_path ${ARG_PROTO_DIR} ${contract_flags} --out ${CMAKE_BINARY_DIR}/clients/${name}
      COMMENT "clients of ${name}"
      USES_TERMINAL
      VERBATIM)
    add_custom_target(${name}-cli
      COMMAND ${CMAKE_SOURCE_DIR}/clients/cli/build --name ${name}
        --schema_tool $<TARGET_FILE:${name}-schema>
        --out ${CMAKE_BINARY_DIR}/${name}
        --proto_dir ${ARG_PROTO_DIR} --proto_dir ${CMAKE_SOURCE_DIR}/proto
        --proto_deps ${PROTO_DEPS} ${ARG_CONTRACT}
      DEPENDS ${name}-schema
      COMMENT "command line of ${name}"
      USES_TERMINAL
      VERBATIM)
  endif()
endfunction()
