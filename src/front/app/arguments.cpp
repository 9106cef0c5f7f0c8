#include "app/arguments.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "base/error.hpp"

namespace parvis::app {
namespace {

using std::filesystem::path;

struct Option {
  std::string_view name;
  std::variant<bool Arguments::*, std::string Arguments::*, path Arguments::*,
               std::vector<std::string> Arguments::*, path Config::*, std::string Config::*>
      member;
};

constexpr std::array kOptions = {Option{"--home", &Config::home},
                                 Option{"--json", &Arguments::json},
                                 Option{"--tenant", &Arguments::tenant},
                                 Option{"--add", &Arguments::add},
                                 Option{"--dry-run", &Arguments::dry_run},
                                 Option{"--yes", &Arguments::yes},
                                 Option{"--lexical", &Arguments::lexical},
                                 Option{"--batch", &Arguments::batch},
                                 Option{"--out", &Arguments::out},
                                 Option{"--listen", &Config::listen},
                                 Option{"--assets", &Config::assets},
                                 Option{"--commune", &Arguments::commune},
                                 Option{"--now", &Arguments::now},
                                 Option{"--after", &Arguments::after},
                                 Option{"--choose", &Arguments::chosen},
                                 Option{"--titles", &Arguments::titles},
                                 Option{"--cv", &Arguments::cv},
                                 Option{"--http", &Arguments::http},
                                 Option{"--without", &Arguments::without},
                                 Option{"--marks", &Arguments::marks},
                                 Option{"--reason", &Arguments::reason},
                                 Option{"--work", &Arguments::work},
                                 Option{"--seed", &Arguments::seed},
                                 Option{"--kills", &Arguments::kills},
                                 Option{"--count", &Arguments::count},
                                 Option{"--agenda", &Arguments::agenda},
                                 Option{"--counter", &Arguments::counter},
                                 Option{"--procedure", &Arguments::procedure},
                                 Option{"--format", &Arguments::format},
                                 Option{"--state", &Arguments::states},
                                 Option{"--name", &Arguments::person},
                                 Option{"--role", &Arguments::roles},
                                 Option{"--service", &Arguments::services},
                                 Option{"--password-file", &Arguments::password_file}};

template <typename... Fns>
struct Overload : Fns... {
  using Fns::operator()...;
};

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& all) {
  Arguments out;
  const auto config = std::ranges::find(all, "--config");
  if (config != all.end() && config + 1 != all.end()) out.config = read_config(*(config + 1));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& word = all[i];
    if (word == "--help") {
      out.words = {"help"};
      return out;
    }
    if (!word.starts_with("--")) {
      out.words.push_back(word);
      continue;
    }
    if (word == "--config") {  // read above: the other options win over it
      if (++i == all.size()) usage("the option --config needs a file");
      continue;
    }
    const auto option = std::ranges::find(kOptions, word, &Option::name);
    if (option == kOptions.end()) usage("the option " + word + " is not known");
    auto value = [&]() -> const std::string& {
      if (++i == all.size()) usage("the option " + word + " needs a value");
      return all[i];
    };
    out.given.push_back(word);
    std::visit(Overload{[&](bool Arguments::* flag) { out.*flag = true; },
                        [&](std::vector<std::string> Arguments::* many) {
                          (out.*many).push_back(value());
                        },
                        [&](path Config::* one) { out.config.*one = value(); },
                        [&](std::string Config::* one) { out.config.*one = value(); },
                        [&](auto one) { out.*one = value(); }},
               option->member);
  }
  return out;
}

void usage(const std::string& what) { throw Error(Errc::invalid, what + "; run parvis help"); }

}  // namespace parvis::app
