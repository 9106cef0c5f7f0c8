# embed_communes(<target>): the table of communes that bin/setup makes, as bytes in communes.cpp.
function(embed_communes target)
  execute_process(COMMAND bash -c "source bin/lib.sh; printf %s \"$PARVIS_COMMUNES\""
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE table)
  if(NOT EXISTS ${table})
    message(FATAL_ERROR "the table of communes is missing: run bin/setup")
  endif()
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/town/territory/communes.cpp PROPERTY OBJECT_DEPENDS ${table})
  target_compile_definitions(${target} PRIVATE PARVIS_COMMUNES="${table}")
endfunction()
