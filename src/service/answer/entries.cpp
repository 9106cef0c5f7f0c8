#include "answer/entries.hpp"

#include "knowledge/knowledge_store.hpp"
#include "search/index.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
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
  return entry;
}

std::uint32_t build_index(db::Database& database, std::string_view tenant,
                          const std::filesystem::path& scope,
                          const std::function<void(std::size_t)>& progress) {
  search::GenerationBuilder builder(scope);
  database.read([&](db::Tx& tx) {
    knowledge::each_document(tx, tenant, [&](const Document& document) {
      builder.add(entry_of(document));
      if (progress) progress(builder.documents());
    });
  });
  builder.publish();
  return builder.documents();
}

}  // namespace parvis::answer
