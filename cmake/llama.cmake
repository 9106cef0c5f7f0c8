# llama.cpp is built once by bin/setup, outside the sanitizer presets (third_party/README.md).
add_library(lib_llama INTERFACE)
