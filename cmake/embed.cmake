# embed_migrations(<target>): the files of migrations/, in order, as db::Migration constants.
function(embed_migrations target)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
  list(SORT files)
  set(text "#include \"app/migrations.hpp\"\nnamespace parvis::app {\nconst std::vector<db::Migration>& migrations() {\n  static const std::vector<db::Migration> all = {\n")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} sql)
    get_filename_component(name ${file} NAME_WE)
    string(APPEND text "    {\"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  string(APPEND text "  };\n  return all;\n}\n}  // namespace parvis::app\n")
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/migrations.cpp CONTENT "${text}")
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/migrations.cpp)
endfunction()

# embed_fitted(<target>): the files of its folder fitted/, as bytes in fitted.cpp.
function(embed_fitted target)
  set(folder ${CMAKE_SOURCE_DIR}/src/service/retrieval/fitted)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/service/retrieval/fitted.cpp PROPERTY OBJECT_DEPENDS
    "${folder}/ranker.json;${folder}/adapter.bin")
  target_compile_definitions(${target} PRIVATE PARVIS_FITTED="${folder}")
endfunction()
