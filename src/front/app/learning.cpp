// `vectors` makes the vectors that are missing; `fit` learns the ranker.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iostream>
#include <map>
#include <numeric>
#include <ranges>
#include <set>

#include "answer/sheet_answer.hpp"
#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "dialogue/going_on.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/anchors.hpp"
#include "retrieval/entries.hpp"
#include "retrieval/fit.hpp"
#include "retrieval/learn.hpp"
#include "retrieval/passages.hpp"
#include "retrieval/vectors.hpp"
#include "search/entry.hpp"
#include "text/language.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

search::VectorCache& ready(Models& models) {
  search::VectorCache* cache = models.cache(Models::Wait::loaded);
  if (cache == nullptr) throw Error(Errc::unavailable, models.problem());
  return *cache;
}

int vectors(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  search::VectorCache& cache = ready(models);
  const auto bar = progress_bar("embedding");
  for (const std::string& tenant :
       std::set<std::string>{"", tenant_named(home, arguments.tenant)}) {
    const bool whole = retrieval::embed_missing(
        home.database, tenant, arguments.titles ? retrieval::Depth::titles : retrieval::Depth::text,
        models.embedder(), cache, {.progress = [&](std::size_t done, std::size_t all) {
          if (bar) bar(done, all);
          return true;
        }});
    if (!whole)
      throw Error(Errc::unavailable, "stopped: " + models.problem() + "; run it again to go on");
  }
  fmt::print("{} texts have their vector\n", cache.size());
  return 0;
}

std::optional<knowledge::Document> page_named(const Answers& answers, const std::string& id) {
  for (const char* audience : {"particuliers", "local"})
    if (auto page = answers.sheet({audience, id})) return page;
  return std::nullopt;
}

// A section has a text that begins so.
bool says_one_of(const std::string& section, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::string& text) {
    return section.contains("\n" + text) || section.starts_with(text);
  });
}

// What is embedded, a line of JSON each: the page, what the text is to it and its name in the file
// of vectors; of a title its text; of an anchor its words, and whether it was written to be one or
// is a link's.
int vectors_texts(const Arguments& arguments) {
  Home home(arguments.config);
  home.database.read(knowledge::kNational, [&](db::Tx& tx) {
    const retrieval::Without nothing;
    const retrieval::Anchors anchors = retrieval::anchors_of(tx, knowledge::kNational, nothing);
    knowledge::each_document(tx, knowledge::kNational, [&](const knowledge::Document& document) {
      const std::string& id = document.key.id;
      const auto print = [&](std::string_view kind, std::uint64_t hash, json::object more = {}) {
        more["page"] = id;
        more["kind"] = kind;
        more["hash"] = fmt::format("{:016x}", hash);
        fmt::print("{}\n", json::serialize(more));
      };
      const std::vector<retrieval::Passage> texts = retrieval::passages_of(document);
      for (std::size_t i = 0; i < texts.size(); ++i)
        print(i == 0 ? "title" : "passage", search::text_hash(texts[i].whole()),
              i == 0 ? json::object{{"title", document.title}} : json::object{});
      const auto written = retrieval::phrasings().find(id);
      for (const std::string& words : anchors.of(id))
        print(
            "anchor", retrieval::anchor_hash(words),
            {{"words", words},
             {"written", written != retrieval::phrasings().end() &&
                             std::ranges::find(written->second, words) != written->second.end()}});
    });
  });
  return 0;
}

// What is asked of a page, a line of JSON each, for bin/fit-adapter --of-page: the text that is
// embedded, the names of its passages' vectors, and which of them stand where it is answered. From
// {"id": page, "then": [{"said": "…", "to": page, "says": [beginnings of the texts that answer]}]}.
int vectors_lessons(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::words);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  each_line(arguments.operands.at(0), [&](const json::object& line, std::size_t number) {
    const auto id = string_at(line, "id");
    const auto* then = line.if_contains("then");
    if (!id || then == nullptr || !then->is_array())
      throw Error(Errc::invalid, fmt::format("{}:{}: a page and what is said of it",
                                             arguments.operands.at(0), number));
    std::optional<knowledge::Document> page = page_named(answers, std::string(*id));
    if (!page) return;
    answer::Candidate candidate;
    candidate.document = &*page;
    json::array hashes;
    for (const retrieval::Passage& each : retrieval::text_of(*page)) {
      candidate.passages.push_back({.text = each.text, .score = 1});
      hashes.emplace_back(fmt::format("{:016x}", search::text_hash(each.whole())));
    }
    for (const json::value& each : then->as_array()) {
      const json::object& message = each.as_object();
      const auto said = string_at(message, "said");
      const std::vector<std::string> says = texts_at(message, "says");
      if (!said || says.empty() || string_at(message, "to") != id) continue;
      json::array right(hashes.size(), false);
      for (const answer::PlaceRead& place : answer::places_of_sheet(
               {.text = text::clean(*said), .earlier = {}, .chosen = {}}, candidate, {}))
        for (const std::size_t passage : place.passages)
          if (says_one_of(place.text, says)) right[passage] = true;
      fmt::print("{}\n",
                 json::serialize(json::object{{"page", *id},
                                              {"text", fmt::format("{} {}", page->title, *said)},
                                              {"passages", hashes},
                                              {"right", right}}));
    }
  });
  return 0;
}

// Vectors of questions, kept beside those of passages: a fit is run many times.
class QuestionVectors {
 public:
  QuestionVectors(const Home& home, Models& models, inference::Kind kind)
      : models_(models), kind_(kind) {
    const inference::Embedder& embedder = models.embedder();
    const bool whole = kind == inference::Kind::query;
    auto opened = search::VectorCache::open(
        home.config.home / (whole ? "questions.cache" : "questions_going_on.cache"),
        whole ? embedder.query_model() : embedder.model(), embedder.dimension());
    if (!opened) throw Error(Errc::unavailable, opened.error().what);
    cache_.emplace(std::move(*opened));
  }

  std::vector<float> of(const std::string& text) {
    const std::uint64_t hash = search::text_hash(text);
    std::vector<std::int8_t> values(cache_->dimension());
    if (!cache_->contains(hash)) {
      const auto fresh = models_.question(text, kind_);
      if (!fresh) throw Error(Errc::unavailable, models_.problem());
      cache_->append(hash, *fresh);
    }
    const auto scale = cache_->copy(hash, values.data());
    CHECK(scale.has_value());
    std::vector<float> out;
    for (const std::int8_t v : values) out.push_back(static_cast<float>(v) * *scale);
    return out;
  }

 private:
  Models& models_;
  const inference::Kind kind_;
  std::optional<search::VectorCache> cache_;
};

std::vector<retrieval::LabelledQuestion> read_labels(const std::vector<std::string>& files) {
  std::vector<retrieval::LabelledQuestion> out;
  for (const std::string& file : files)
    each_line(file, [&](const json::object& line, std::size_t number) {
      retrieval::LabelledQuestion& labelled = out.emplace_back();
      labelled.question = text::clean(question_of(line, file, number));
      labelled.expected = texts_at(line, "expected_ids");
      labelled.source = string_at(line, "source").value_or(file);
      labelled.parent = string_at(line, "variant_of").value_or("");
      if (labelled.parent.empty()) {
        const std::string_view qid = string_at(line, "qid").value_or("");
        labelled.parent = qid.substr(qid.find(':') + 1);
      }
    });
  return out;
}

int fit(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  const search::VectorCache& cache = ready(models);
  std::vector<retrieval::LabelledQuestion> labelled = read_labels(arguments.operands);
  if (labelled.empty()) throw Error(Errc::invalid, "the files have no question");
  retrieval::Without without;
  for (const auto& each : labelled) without.insert(retrieval::comparable(each.question));
  if (!arguments.without.empty())
    for (const auto& each : read_labels({arguments.without}))
      without.insert(retrieval::comparable(each.question));

  // An index of its own, without the words of the labelled questions: they must not find
  // themselves.
  const std::filesystem::path scope = home.config.home / "fit.index";
  std::cerr << "parvis: indexing without the labelled questions\n";
  retrieval::build_index(home.database, knowledge::kNational, scope, nullptr, without);
  auto generation = search::Generation::open(*search::current_generation(scope));
  if (!generation) throw Error(Errc::unavailable, generation.error().what);
  (*generation)->load_vectors(cache);
  const search::Snapshot snapshot({*generation});
  const retrieval::Mode mode = retrieval::mode_of(snapshot);
  if (mode == retrieval::Mode::lexical)
    throw Error(Errc::conflict, "titles lack their vectors: run parvis vectors first");

  const auto fitted_for = [&](inference::Kind kind, std::string model) {
    QuestionVectors questions(home, models, kind);
    for (auto& each : labelled) each.vector = questions.of(each.question);
    retrieval::FitResult result = retrieval::fit_ranker(snapshot, mode, labelled, arguments.cv);
    if (arguments.cv) std::cout << json::serialize(result.report) << '\n';
    result.ranker.model = std::move(model);
    return std::move(result.ranker);
  };
  const retrieval::Fitted fitted{
      fitted_for(inference::Kind::query, models.embedder().query_model()),
      fitted_for(inference::Kind::going_on, models.embedder().model())};
  if (arguments.cv && arguments.out.empty()) return 0;
  const std::filesystem::path folder =
      arguments.out.empty() ? home.config.home / "fitted" : arguments.out;
  fitted.save(folder);
  std::filesystem::remove_all(scope);
  fmt::print("fitted on {} questions: {}\n", labelled.size(), folder.string());
  return 0;
}

// Pairs of messages: {"first": "…", "page": ["F1"], "then": "…", "expect": "stay" or ["F2"],
// "commune": INSEE code, or none, "says": beginnings of the texts of the page that answer the
// second, [] where it does not; left out where that is not known}.
void each_pair(
    const Answers& answers, const std::filesystem::path& path,
    const std::function<void(const json::object& line, const dialogue::State& state,
                             const std::string& then, const dialogue::World& world)>& read) {
  each_line(path, [&](const json::object& line, std::size_t number) {
    const auto first = string_at(line, "first"), then = string_at(line, "then");
    const std::vector<std::string> page = texts_at(line, "page");
    const auto subject = page.empty() ? std::nullopt : page_named(answers, page[0]);
    if (!first || !then || !subject)
      throw Error(Errc::invalid, fmt::format("{}:{}: two messages and the page of the first",
                                             path.string(), number));
    dialogue::State state;
    state.subject = page[0];
    state.title = subject->title;
    state.question = text::clean(*first);
    if (text::is_foreign(text::language_of(*first).language))
      state.opened = std::exchange(state.question, state.title);
    state.confidence = 1;
    state.told = {state.question};
    read(line, state, text::clean(*then),
         answers.world(std::string(string_at(line, "commune").value_or("")), Instant{}));
  });
}

std::vector<retrieval::Choice> going_on_lessons(const Answers& answers,
                                                const std::filesystem::path& path) {
  std::vector<retrieval::Choice> out;
  each_pair(answers, path,
            [&](const json::object& line, const dialogue::State& state, const std::string& then,
                const dialogue::World& world) {
              const bool stays = string_at(line, "expect") == "stay";
              const std::vector<std::string> wanted = texts_at(line, stays ? "page" : "expect");
              retrieval::Choice choice;
              for (const dialogue::Option& option : dialogue::options(state, then, world)) {
                choice.options.emplace_back(option.signs.begin(), option.signs.end());
                choice.right.push_back(std::ranges::find(wanted, option.id) != wanted.end());
              }
              out.push_back(std::move(choice));
            });
  return out;
}

std::vector<retrieval::Choice> places_lessons(const Answers& answers,
                                              const std::filesystem::path& path) {
  std::vector<retrieval::Choice> out;
  each_pair(
      answers, path,
      [&](const json::object& line, const dialogue::State& state, const std::string& then,
          const dialogue::World& world) {
        if (!line.contains("says")) return;
        const std::vector<std::string> says = texts_at(line, "says");
        retrieval::Choice choice;
        for (const answer::PlaceRead& place : dialogue::places(state, then, world)) {
          choice.options.emplace_back(place.signs.begin(), place.signs.end());
          choice.right.push_back(place.text.empty() ? says.empty() : says_one_of(place.text, says));
        }
        out.push_back(std::move(choice));
      });
  return out;
}

// Learns the weights of a choice, prints them and how many are right out of fold.
void learn(const std::vector<retrieval::Choice>& all) {
  constexpr double kRidge = 3;
  constexpr std::size_t kFolds = 8;
  const auto learnt = [&](std::size_t without) {
    std::vector<const retrieval::Choice*> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (i % kFolds != without) some.push_back(&all[i]);
    return retrieval::learn_choice(some, kRidge);
  };
  std::size_t right = 0, among_two = 0;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const std::vector<double> weights = learnt(fold);
    for (std::size_t i = fold; i < all.size(); i += kFolds) {
      std::vector<std::pair<double, bool>> scored;
      for (std::size_t o = 0; o < all[i].options.size(); ++o)
        scored.emplace_back(
            std::inner_product(weights.begin(), weights.end(), all[i].options[o].begin(), 0.0),
            all[i].right[o]);
      std::ranges::sort(scored, std::ranges::greater{}, &std::pair<double, bool>::first);
      right += !scored.empty() && scored[0].second ? 1 : 0;
      among_two +=
          std::ranges::any_of(scored | std::views::take(2), &std::pair<double, bool>::second) ? 1
                                                                                              : 0;
    }
  }
  std::string weights;
  for (const double weight : learnt(kFolds))
    weights.append(weights.empty() ? "" : ", ").append(fmt::format("{:.3f}", weight));
  fmt::print("{} of {} pairs out of fold, {} among the two likeliest\n{{{}}}\n", right, all.size(),
             among_two, weights);
}

int fit_pairs(const Arguments& arguments,
              std::vector<retrieval::Choice> (*lessons)(const Answers&,
                                                        const std::filesystem::path&)) {
  Home home(arguments.config);
  Models models(home.config, arguments.lexical ? Models::Use::words : Models::Use::command);
  if (!arguments.lexical) ready(models);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  learn(lessons(answers, arguments.operands.at(0)));
  return 0;
}

int fit_going_on(const Arguments& arguments) { return fit_pairs(arguments, going_on_lessons); }
int fit_places(const Arguments& arguments) { return fit_pairs(arguments, places_lessons); }

constexpr std::array kCommands = {
    Command{"vectors texts", "", "", "prints which text has which vector, for bin/fit-adapter",
            vectors_texts},
    Command{"vectors lessons", "FILE.jsonl", "",
            "prints what is asked of pages, and where they answer, for bin/fit-adapter",
            vectors_lessons},
    Command{"vectors", "", "[--titles]", "makes the vectors that are missing, in the foreground",
            vectors},
    Command{"fit places", "FILE.jsonl", "[--lexical]",
            "learns where a page says what is asked of it, from pairs of messages", fit_places},
    Command{"fit going-on", "FILE.jsonl", "[--lexical]",
            "learns when a message stays with the page talked about, from pairs of messages",
            fit_going_on},
    Command{"fit", "FILE.jsonl…", "[--cv] [--without FILE] [--out DIR]",
            "learns the ranker from labelled questions", fit}};

}  // namespace

std::span<const Command> learning_commands() { return kCommands; }

}  // namespace parvis::app
