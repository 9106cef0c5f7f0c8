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

# embed_fitted(<target>): the files of its folder fitted/, as bytes in fitted.cpp, the phrasings, in
# anchors.cpp, and the glossary, in glossary_words.cpp.
function(embed_fitted target)
  set(folder ${CMAKE_SOURCE_DIR}/src/service/retrieval/fitted)
  set(phrasings ${CMAKE_SOURCE_DIR}/src/service/retrieval/data/phrasings.jsonl)
  set(glossary ${CMAKE_SOURCE_DIR}/src/service/retrieval/data/glossary.txt)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/service/retrieval/anchors.cpp PROPERTY OBJECT_DEPENDS ${phrasings})
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/service/retrieval/glossary_words.cpp PROPERTY OBJECT_DEPENDS ${glossary})
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/service/retrieval/fitted.cpp PROPERTY OBJECT_DEPENDS
    "${folder}/ranker.json;${folder}/ranker_going_on.json;${folder}/questions.gguf")
  target_compile_definitions(${target} PRIVATE PARVIS_FITTED="${folder}" PARVIS_PHRASINGS="${phrasings}"
    PARVIS_GLOSSARY="${glossary}")
endfunction()

# embed_intents(<target>): its fitted weights, as bytes in classifier.cpp.
function(embed_intents target)
  set(file ${CMAKE_SOURCE_DIR}/src/service/intent/fitted/intents.json)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/service/intent/classifier.cpp PROPERTY OBJECT_DEPENDS ${file})
  target_compile_definitions(${target} PRIVATE PARVIS_INTENTS="${file}")
endfunction()

# embed_openapi(<target>): the files of contract/openapi, as api::openapi_files().
function(embed_openapi target)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/contract/openapi/*.yaml)
  set(text "#include \"api/openapi.hpp\"\nnamespace parvis::api {\nconst std::vector<std::string_view>& openapi_files() {\n  static const std::vector<std::string_view> all = {\n")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} yaml)
    string(APPEND text "    R\"yaml(${yaml})yaml\",\n")
  endforeach()
  string(APPEND text "  };\n  return all;\n}\n}  // namespace parvis::api\n")
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/openapi.cpp CONTENT "${text}")
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/openapi.cpp)
endfunction()
