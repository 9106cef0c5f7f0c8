#include "directory/yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "text/normalise.hpp"

namespace parvis::directory {
namespace {

std::size_t line_of(const YAML::Mark& mark) {
  return mark.is_null() ? 0 : static_cast<std::size_t>(mark.line) + 1;
}

bool is_forbidden(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

// Listens to nothing.
struct Silence : YAML::EventHandler {
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// Whether something follows the first document. YAML::LoadAll never returns on a stray "," or "]":
// yaml-cpp 0.7 reads it as one empty document after the other. So no more than two are asked for.
bool more_than_one(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Silence silence;
  return parser.HandleNextDocument(silence) && parser.HandleNextDocument(silence);
}

}  // namespace

std::expected<YAML::Node, Problem> parse_yaml(std::string_view text) {
  if (text.size() > kYamlBytes)
    return std::unexpected(
        Problem{fmt::format("plus de {} Ko. Coupez le fichier en plusieurs.", kYamlBytes / 1024)});
  if (!text::valid_utf8(text))
    return std::unexpected(Problem{"texte illisible. Enregistrez le fichier en UTF-8."});
  // YAML forbids them, and yaml-cpp 0.7 takes 0x04 for the end of the text.
  const auto control = std::ranges::find_if(text, is_forbidden);
  if (control != text.end())
    return std::unexpected(
        Problem{"caractère de contrôle interdit. Retapez cette ligne.",
                1 + static_cast<std::size_t>(std::count(text.begin(), control, '\n'))});
  try {
    const std::string whole(text);
    if (more_than_one(whole))
      return std::unexpected(Problem{
          "plusieurs documents, ou un signe en trop. Retirez la ligne « --- » ou le signe isolé."});
    const YAML::Node root = YAML::Load(whole);
    if (root.IsNull())
      return std::unexpected(Problem{"fichier vide. Remplissez-le ou retirez-le."});
    return root;
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
