#include "retrieval/entries.hpp"

#include <map>
#include <set>
#include <utility>

#include "knowledge/knowledge_store.hpp"
#include "retrieval/features.hpp"
#include "retrieval/passages.hpp"
#include "search/index.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using knowledge::Block;
using knowledge::Document;

void line(std::string& out, std::string_view words) { out.append(words).append("\n"); }

void read(const knowledge::Blocks& blocks, std::string& headings, std::string& body) {
  std::vector<const Block*> ancestors;
  knowledge::walk(blocks, ancestors, [&](const Block& block, const auto&) {
    if (!block.title.empty()) line(headings, plain(block.title));
    if (!block.spans.empty()) line(body, plain(block.spans));
    if (!block.text.empty()) line(body, block.text);
    return true;
  });
}

DocumentClass class_of(const Document& document) {
  switch (document.kind) {
    case Document::Kind::sheet:
      return DocumentClass::sheet;
    case Document::Kind::dossier:
      return DocumentClass::dossier;
    case Document::Kind::resource:
      return DocumentClass::resource;
    default:
      return DocumentClass::other;
  }
}

constexpr std::size_t kAnchorBytes = 4000;  // of one sheet: a page that all link to stays readable

// What the links of all documents say about each id.
class Anchors {
 public:
  explicit Anchors(const Without& without) : without_(without) {}

  void read(const Document& document) {
    std::set<std::string, std::less<>> targets;
    each_link(document, [&](std::string_view words, std::string_view id) {
      if (id == document.key.id) return;
      About& about = of_[std::string(id)];
      if (targets.emplace(id).second) ++about.links;
      if (about.words.size() > kAnchorBytes || without_.contains(comparable(words))) return;
      if (about.seen.emplace(words).second) line(about.words, words);
    });
  }

  void complete(search::Entry& entry, const Document& document) const {
    const auto at = of_.find(document.key.id);
    if (at == of_.end()) return;
    entry.links_in = at->second.links;
    entry.field[static_cast<std::size_t>(search::Field::anchors)] = at->second.words;
  }

 private:
  struct About {
    std::uint32_t links = 0;
    std::string words;
    std::set<std::string, std::less<>> seen;
  };
  const Without& without_;
  std::map<std::string, About, std::less<>> of_;
};

}  // namespace

search::Entry entry_of(const Document& document) {
  search::Entry entry;
  entry.key = document.key.audience + "/" + document.key.id;
  auto field = [&](search::Field f) -> std::string& {
    return entry.field[static_cast<std::size_t>(f)];
  };
  field(search::Field::title) = document.title;
  field(search::Field::summary) = document.description;
  read(document.body, field(search::Field::headings), field(search::Field::body));
  read(document.resources, field(search::Field::body), field(search::Field::body));
  for (const auto& definition : document.definitions) {
    line(field(search::Field::body), definition.term);
    read(definition.text, field(search::Field::body), field(search::Field::body));
  }
  for (const std::string* group :
       {&document.key.audience, &document.theme_id, &document.subtheme_id, &document.dossier_id})
    entry.groups.push_back(group->empty() ? 0 : text::term_hash(*group));
  entry.groups.push_back(static_cast<std::uint32_t>(class_of(document)));
  for (const std::string& passage : passages_of(document))
    entry.passages.push_back(search::text_hash(passage));
  return entry;
}

std::uint32_t build_index(db::Database& database, std::string_view tenant,
                          const std::filesystem::path& scope,
                          const std::function<void(std::size_t)>& progress,
                          const Without& without) {
  search::GenerationBuilder builder(scope);
  std::string state;
  database.read(tenant, [&](db::Tx& tx) {
    if (without.empty()) state = knowledge::state(tx, tenant);
    Anchors anchors(without);
    knowledge::each_document(tx, tenant, [&](const Document& document) { anchors.read(document); });
    knowledge::each_document(tx, tenant, [&](const Document& document) {
      search::Entry entry = entry_of(document);
      anchors.complete(entry, document);
      builder.add(entry);
      if (progress) progress(builder.documents());
    });
  });
  builder.publish(state);
  return builder.documents();
}

}  // namespace parvis::retrieval
