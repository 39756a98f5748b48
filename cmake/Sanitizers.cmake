# SANITIZERS: what -fsanitize takes, for example "address,undefined" or "thread". Such a
# build needs Clang; tools/dev/compile.sh --sanitizer makes it. With AddressSanitizer it
# has the fuzz targets of tests/fuzz as well.
set(SANITIZERS "" CACHE STRING "Sanitizers of all C++ code; empty: none")
set(FUZZING OFF)
set(GENERATED_CODE_OPTIONS)
if(SANITIZERS)
  # A finding ends the process. vptr needs type information that libraries of the system do
  # not export.
  set(sanitizer_flags -fsanitize=${SANITIZERS} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_compile_options(${sanitizer_flags} -fno-omit-frame-pointer -gline-tables-only)
  add_link_options(${sanitizer_flags})
  # The code of protoc is no more checked than the library of Protocol Buffers: a check of it
  # doubles the time of its compilation. Fuzzing needs its coverage.
  set(GENERATED_CODE_OPTIONS -fno-sanitize=all)
  if(SANITIZERS MATCHES "address")
    set(FUZZING ON)
    add_compile_options(-fsanitize=fuzzer-no-link)
    list(APPEND GENERATED_CODE_OPTIONS -fsanitize=fuzzer-no-link)
  endif()
endif()
