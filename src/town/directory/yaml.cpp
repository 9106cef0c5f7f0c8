#include "directory/yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "text/normalise.hpp"

namespace parvis::directory {
namespace {

std::size_t line_of(const YAML::Mark& mark) {
  return mark.is_null() ? 0 : static_cast<std::size_t>(mark.line) + 1;
}

bool is_forbidden(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

}  // namespace

std::expected<YAML::Node, Problem> parse_yaml(std::string_view text) {
  if (text.size() > kYamlBytes)
    return std::unexpected(
        Problem{fmt::format("plus de {} Ko. Coupez le fichier en plusieurs.", kYamlBytes / 1024)});
  if (!text::valid_utf8(text))
    return std::unexpected(Problem{"texte illisible. Enregistrez le fichier en UTF-8."});
  // YAML forbids them, and yaml-cpp 0.7 takes 0x04 for the end of its stream and never returns.
  const auto control = std::ranges::find_if(text, is_forbidden);
  if (control != text.end())
    return std::unexpected(
        Problem{"caractère de contrôle interdit. Retapez cette ligne.",
                1 + static_cast<std::size_t>(std::count(text.begin(), control, '\n'))});
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.empty() || documents[0].IsNull())
      return std::unexpected(Problem{"fichier vide. Remplissez-le ou retirez-le."});
    if (documents.size() > 1)
      return std::unexpected(
          Problem{"plusieurs documents. Retirez la ligne « --- » ou coupez le fichier."});
    return documents[0];
  } catch (const YAML::Exception& error) {
    return std::unexpected(
        Problem{fmt::format("YAML mal formé ({}). Vérifiez les retraits, les deux-points et les "
                            "guillemets.",
                            error.msg),
                line_of(error.mark)});
  }
}

void YamlReader::bad(const YAML::Node& where, std::string what) {
  if (problems_.size() >= kYamlProblems) return;
  problems_.push_back({std::move(what), where.IsDefined() ? line_of(where.Mark()) : 0});
}

bool YamlReader::mapping(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  if (!node.IsDefined() || !node.IsMap()) {
    bad(node, fmt::format("des champs sont attendus ici\u00a0: {}.", fmt::join(keys, ", ")));
    return false;
  }
  std::set<std::string> seen;
  bool sound = true;
  for (const auto& member : node) {
    const std::string key = member.first.IsScalar() ? member.first.Scalar() : "?";
    if (std::ranges::find(keys, key) == keys.end())
      bad(member.first, fmt::format("champ « {} » inconnu. Champs possibles\u00a0: {}.",
                                    text::utf8_prefix(key, 40), fmt::join(keys, ", ")));
    else if (!seen.insert(key).second)
      bad(member.first, fmt::format("champ « {} » écrit deux fois. Gardez-en un.", key));
    else
      continue;
    sound = false;
  }
  return sound;
}

std::string YamlReader::scalar(const YAML::Node& node, std::string_view key) {
  if (!node.IsScalar()) {
    bad(node, fmt::format("« {} »\u00a0: un texte est attendu.", key));
    return {};
  }
  std::string value = node.Scalar();
  while (!value.empty() && (value.back() == ' ' || value.back() == '\n')) value.pop_back();
  const bool control = std::ranges::any_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control || !text::valid_utf8(value))
    bad(node, fmt::format("« {} »\u00a0: caractère interdit ou saut de ligne. Écrivez-le sur une "
                          "ligne.",
                          key));
  else if (value.size() > kTextBytes)
    bad(node, fmt::format("« {} »\u00a0: texte trop long. Raccourcissez-le.", key));
  else
    return value;
  return {};
}

std::string YamlReader::text(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  return node.IsDefined() && !node.IsNull() ? scalar(node, key) : "";
}

std::string YamlReader::required(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  if (!node.IsDefined() || node.IsNull()) {
    bad(map, fmt::format("champ « {} » absent. Ajoutez-le.", key));
    return {};
  }
  return scalar(node, key);
}

std::vector<std::string> YamlReader::texts(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  std::vector<std::string> values;
  if (!node.IsDefined() || node.IsNull()) return values;
  if (node.IsScalar()) return {scalar(node, key)};
  for (const YAML::Node& item : items(node, key)) values.push_back(scalar(item, key));
  return values;
}

std::vector<YAML::Node> YamlReader::items(const YAML::Node& node, const char* key) {
  std::vector<YAML::Node> found;
  if (!node.IsDefined() || node.IsNull()) return found;
  if (!node.IsSequence())
    bad(node, fmt::format("« {} »\u00a0: une liste est attendue, un tiret par élément.", key));
  else if (node.size() > kListItems)
    bad(node,
        fmt::format("« {} »\u00a0: plus de {} éléments. Raccourcissez la liste.", key, kListItems));
  else
    for (const YAML::Node& item : node) found.push_back(item);
  return found;
}

}  // namespace parvis::directory
