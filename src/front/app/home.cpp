#include "app/home.hpp"

#include <chrono>

#include "answer/compose.hpp"
#include "answer/emergency.hpp"
#include "answer/retrieve.hpp"
#include "app/migrations.hpp"
#include "base/error.hpp"
#include "knowledge/knowledge_store.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

std::filesystem::path created(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(Errc::invalid, "the folder " + folder.string() + " cannot be made (" +
                                   error.message() + "): name another with --home");
  return folder;
}

}  // namespace

Home::Home(const std::filesystem::path& where)
    : folder(created(where)), database(folder / "parvis.db") {
  migrate(database, migrations());
}

std::unique_ptr<search::Snapshot> open_index(const Home& home) {
  const auto folder = search::current_generation(home.national_index());
  if (!folder)
    throw Error(Errc::unavailable, "nothing is imported yet: run parvis import fiches SRC");
  auto generation = search::Generation::open(*folder);
  if (!generation) throw Error(Errc::unavailable, generation.error().what);
  return std::make_unique<search::Snapshot>(
      std::vector<std::shared_ptr<const search::Generation>>{std::move(*generation)});
}

answer::Answer ask(Home& home, const search::Snapshot& snapshot, std::string_view question) {
  const auto start = std::chrono::steady_clock::now();
  if (question.size() > answer::kQuestionBytes)
    throw Error(Errc::too_large, "the question is longer than 8 KB: shorten it");
  const std::string clean = text::clean(question);
  if (auto danger = answer::emergency(clean)) return std::move(*danger);
  const answer::Retrieval retrieval = answer::retrieve(snapshot, clean, answer::kChoices);
  std::vector<knowledge::Document> documents;
  home.database.read([&](db::Tx& tx) {
    for (const answer::Found& found : retrieval.found)
      if (auto document = load(tx, knowledge::kNational, found.key))
        documents.push_back(std::move(*document));
  });
  answer::Answer out = answer::compose(documents, retrieval.confidence);
  out.notices.emplace_back("Recherche par mots seulement.");
  out.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace parvis::app
