# llama.cpp as bin/third-party builds it: static libraries in the cache that all clones share.
set(PARVIS_LLAMA "" CACHE PATH "Folder with lib/libllama.a and include/llama.h; empty: the cache of bin/setup")
if(PARVIS_LLAMA)
  set(llama_home ${PARVIS_LLAMA})
else()
  execute_process(COMMAND bash -c "source bin/lib.sh; printf %s \"$LLAMA_HOME\""
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE llama_home)
endif()
if(NOT EXISTS ${llama_home}/lib/libllama.a)
  message(FATAL_ERROR "llama.cpp is not built: run bin/setup")
endif()
add_library(lib_llama INTERFACE)
target_include_directories(lib_llama SYSTEM INTERFACE ${llama_home}/include)
target_link_libraries(lib_llama INTERFACE ${llama_home}/lib/libllama.a ${llama_home}/lib/libggml.a
  ${llama_home}/lib/libggml-cpu.a ${llama_home}/lib/libggml-base.a Threads::Threads m dl)
