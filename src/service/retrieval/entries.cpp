#include "retrieval/entries.hpp"

#include "knowledge/knowledge_store.hpp"
#include "retrieval/features.hpp"
#include "retrieval/passages.hpp"
#include "search/index.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using knowledge::Block;
using knowledge::Document;

// Of what entry_of and build_index read from a document; another number makes every index anew.
constexpr std::string_view kForm = "4";

std::string& field_of(search::Entry& entry, search::Field field) {
  return entry.field[static_cast<std::size_t>(field)];
}

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

// A questionnaire by itself: no text, choices that lead to sheets, and often a title for editors
// ("**CNI - Renouvellement majeur").
constexpr std::string_view kQuestionnaire = "Recherche guidée";

DocumentClass class_of(const Document& document) {
  switch (document.kind) {
    case Document::Kind::sheet:
      return document.type == kQuestionnaire ? DocumentClass::resource : DocumentClass::sheet;
    case Document::Kind::dossier:
      return DocumentClass::dossier;
    case Document::Kind::resource:
      return DocumentClass::resource;
    default:
      return DocumentClass::other;
  }
}

}  // namespace

search::Entry entry_of(const Document& document) {
  search::Entry entry;
  entry.key = document.key.audience + "/" + document.key.id;
  auto field = [&](search::Field f) -> std::string& { return field_of(entry, f); };
  field(search::Field::title) = document.title;
  field(search::Field::summary) = document.description;
  read(document.body, field(search::Field::headings), field(search::Field::body));
  read(document.resources, field(search::Field::body), field(search::Field::body));
  for (const auto& definition : document.definitions) {
    line(field(search::Field::body), definition.term);
    read(definition.text, field(search::Field::body), field(search::Field::body));
  }
  entry.groups.push_back(text::term_hash(document.key.audience));
  for (const std::uint32_t group : knowledge::filed_under(document)) entry.groups.push_back(group);
  entry.groups.push_back(static_cast<std::uint32_t>(class_of(document)));
  for (const Passage& passage : passages_of(document))
    entry.passages.push_back(search::text_hash(passage.whole()));
  return entry;
}

std::string index_state(db::Tx& tx, std::string_view tenant) {
  std::string state = knowledge::state(tx, tenant);
  if (state != knowledge::kNoImport)
    state.append(".").append(kForm).append(".").append(phrasings_digest());
  return state;
}

Anchors anchors_of(db::Tx& tx, std::string_view tenant, const Without& without) {
  static const Phrasings none;
  Anchors out(tenant == knowledge::kNational ? phrasings() : none, without);
  knowledge::each_document(tx, tenant, [&](const Document& document) { out.read(document); });
  return out;
}

std::uint32_t build_index(db::Database& database, std::string_view tenant,
                          const std::filesystem::path& scope,
                          const std::function<void(std::size_t)>& progress,
                          const Without& without) {
  search::GenerationBuilder builder(scope);
  std::string state;
  database.read(tenant, [&](db::Tx& tx) {
    if (without.empty()) state = index_state(tx, tenant);
    const Anchors anchors = anchors_of(tx, tenant, without);
    knowledge::each_document(tx, tenant, [&](const Document& document) {
      search::Entry entry = entry_of(document);
      entry.links_in = anchors.links_in(document.key.id);
      for (const std::string& words : anchors.of(document.key.id)) {
        line(field_of(entry, search::Field::anchors), words);
        entry.anchors.push_back(anchor_hash(words));
      }
      builder.add(entry);
      if (progress) progress(builder.documents());
    });
  });
  builder.publish(state);
  return builder.documents();
}

}  // namespace parvis::retrieval
