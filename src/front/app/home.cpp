#include "app/home.hpp"

#include <algorithm>
#include <chrono>

#include "answer/emergency.hpp"
#include "answer/retrieve.hpp"
#include "answer/tree.hpp"
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

std::string limited(std::string_view text) {
  if (text.size() > answer::kQuestionBytes)
    throw Error(Errc::too_large, "a question is longer than 8 KB: shorten it");
  return text::clean(text);
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

answer::Answer ask(Home& home, const search::Snapshot& snapshot, answer::Question question) {
  const auto start = std::chrono::steady_clock::now();
  if (question.earlier.size() > answer::kEarlierQuestions ||
      question.chosen.size() > answer::kEarlierQuestions)
    throw Error(Errc::too_large, "more than 20 earlier questions or choices: start a new question");
  question.text = limited(question.text);
  for (std::string& earlier : question.earlier) earlier = limited(earlier);
  if (auto danger = answer::emergency(question.text)) return std::move(*danger);
  const answer::Retrieval retrieval = answer::retrieve(snapshot, question.text, answer::kOffered);
  std::vector<knowledge::Document> documents;
  home.database.read([&](db::Tx& tx) {
    documents.clear();
    for (const answer::Found& found : retrieval.found)
      if (auto document = load(tx, knowledge::kNational, found.key))
        documents.push_back(std::move(*document));
    for (const std::string& choice : question.chosen) {  // a sheet of a dossier that was offered
      const std::string_view id = answer::sheet_of_choice(choice);
      if (std::ranges::find(documents, id, [](const auto& d) { return d.key.id; }) !=
          documents.end())
        continue;
      if (auto document = knowledge::load_by_id(tx, knowledge::kNational, id))
        documents.push_back(std::move(*document));
    }
  });
  std::vector<answer::Candidate> candidates;
  for (const knowledge::Document& document : documents)
    candidates.push_back({.document = &document,
                          .probability = candidates.empty() ? retrieval.confidence : 0,
                          .local = {},
                          .passages = {}});
  answer::ComposeContext context;
  context.now = system_now();
  context.floors.answer = kLexicalFloor;
  answer::Answer out = compose(question, candidates, context);
  out.notices.emplace_back("Recherche par mots seulement.");
  out.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace parvis::app
