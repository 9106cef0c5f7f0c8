#include <csignal>
#include <exception>
#include <iostream>

#include "app/commands.hpp"
#include "base/error.hpp"
#include "inference/embedder.hpp"
#include "inspect/inspector.hpp"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write past a quota fails, as on a full disk
  if (argc > 1 && argv[1] == parvis::inference::kChildCommand)
    return parvis::inference::run_child(argc, argv);
  if (argc > 1 && argv[1] == parvis::inspect::kChildCommand)
    return parvis::inspect::run_child(argc, argv);
  try {
    return parvis::app::run(parvis::app::parse_arguments({argv + 1, argv + argc}));
  } catch (const parvis::Error& e) {
    std::cerr << "parvis: " << e.detail() << '\n';
    const bool callers = e.code() == parvis::Errc::invalid || e.code() == parvis::Errc::too_large;
    return callers ? 2 : 1;
  } catch (const std::exception& e) {
    std::cerr << "parvis: failed: " << e.what() << '\n';
    return 1;
  }
}
