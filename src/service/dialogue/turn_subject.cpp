// The sheet talked about: opened, gone on with, corrected, given up.
#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>

#include "answer/phrases.hpp"
#include "answer/scope.hpp"
#include "answer/traits.hpp"
#include "answer/tree.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/replies.hpp"
#include "dialogue/spelling.hpp"
#include "dialogue/turn.hpp"
#include "knowledge/print.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Candidate;
using answer::Choice;
using answer::Status;

namespace {

// A page under it is doubtful.
constexpr double kDoubtful = 0.5;
// Likelier than that another page is meant, though the rules say that it goes on.
constexpr double kSurelyAnother = 0.6;
// From here on a page that is found for the words alone may be another matter.
constexpr double kAnother = 0.4;

// A loss, a theft, a damage, a death: what happened to the same thing, or is a matter of its own.
bool tells_event(std::string_view text) {
  return std::ranges::any_of(answer::describe(text).traits, [](const answer::Trait& trait) {
    return trait.family == answer::Family::occasion || trait.family == answer::Family::validity ||
           trait.family == answer::Family::life;
  });
}

bool is_own(const Candidate& page) { return page.document->key.is_local(); }

// What happened happens to many things: the own words without those that say it.
std::vector<std::string> things(const Heard& heard) {
  std::vector<std::string> out = heard.own;
  for (const text::Word& word : text::words(heard.text))
    if (tells_event(word.folded)) std::erase(out, text::stem(word.folded));
  return out;
}

// "Ma voiture a été volée": to what of theirs it happened is named.
bool names_what_it_happened_to(const Heard& heard) {
  constexpr std::string_view kTheirs = "mon|ma|mes|notre|nos|son|sa|ses|leur|leurs";
  if (!tells_event(heard.text)) return false;
  const std::vector<std::string> words = answer::folded_words(heard.text), named = things(heard);
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (answer::has_phrase({words[i]}, kTheirs) &&
        std::ranges::find(named, text::stem(words[i + 1])) != named.end())
      return true;
  return false;
}

// Another case than the one told is supposed: "et si c'était vide ?", "en fait c'est un meublé".
bool supposes(const Heard& heard) {
  return heard.corrects || answer::starts_with_phrase(answer::folded_words(heard.text),
                                                      "et si|et en|si c etait|en fait|finalement|"
                                                      "ah en fait|et finalement|plutot|et pour");
}

bool contradicts(const Candidate& page, std::string_view said) {
  return answer::contradicts(answer::describe(page.document->title), answer::describe(said));
}

bool of_another_case(const Candidate& page, std::string_view said) {
  const answer::Described title = answer::describe(page.document->title);
  const answer::Described told = answer::describe(said);
  return answer::of_another_age(title, told) || answer::of_another_occasion(title, told);
}

bool is_for(const Candidate& page, std::string_view age) {
  return std::ranges::any_of(
      answer::describe(page.document->title).traits, [&](const answer::Trait& trait) {
        return trait.family == answer::Family::age && trait.name == age && !trait.denied;
      });
}

// The page for adults on the same matter: it has all that was said of the title of the other.
bool is_sister(const Candidate& page, const Candidate& of_minors, std::string_view said) {
  const std::vector<std::string> here = text::terms(page.document->title);
  const std::vector<std::string> there = text::terms(of_minors.document->title);
  const auto in = [](const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  return is_for(page, "adult") &&
         std::ranges::all_of(text::terms(said), [&](const std::string& word) {
           return !in(there, word) || in(here, word);
         });
}

// Of a child, or of how old somebody is.
bool tells_age(const std::string& text) {
  const answer::Described said = answer::describe(text);
  return !said.quantities.empty() ||
         std::ranges::any_of(said.traits, [](const answer::Trait& trait) {
           return trait.family == answer::Family::age;
         });
}

bool sends_to(const knowledge::Document& page, std::string_view id) {
  bool sends = false;
  std::vector<const knowledge::Block*> ancestors;
  knowledge::walk(page.body, ancestors, [&](const auto& block, const auto&) {
    sends = sends || std::ranges::any_of(block.spans, [&](const knowledge::Span& span) {
              return span.kind == knowledge::Span::Kind::sheet_link && span.target == id;
            });
    return !sends;
  });
  return sends;
}

constexpr std::string_view kSomebody =
    "frere*|soeur*|mari|femme|fils|fille*|enfant*|mere|pere|parent*|ami|amie|voisin*|copain|"
    "copine|bebe|conjoint*|compagn*|cousin*|oncle|tante|grand";

// "Et la petite de 3 ans ?": somebody, and nothing else.
bool names_only_somebody(const Heard& heard) {
  constexpr std::string_view kAged =
      "adulte*|majeur*|mineur*|homme|personne*|petit|petite|petits|petites|grand|grande|grands|"
      "aine*|cadet*|jumeau*|jumelle*|ado|ados|an|"
      "ans|mois";
  const std::vector<std::string> words = answer::folded_words(heard.text);
  const bool goes_on =
      answer::goes_on(heard.text) || answer::starts_with_phrase(words, "donc|alors|et donc");
  return goes_on && std::ranges::all_of(words, [&](const std::string& word) {
           return std::ranges::find(heard.own, text::stem(word)) == heard.own.end() ||
                  answer::has_phrase({word}, kSomebody) || answer::has_phrase({word}, kAged) ||
                  std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
         });
}

}  // namespace

bool Turn::bring_first(Found& found, std::string_view id) {
  const auto at = std::ranges::find_if(
      found.candidates, [&](const Candidate& each) { return each.document->key.id == id; });
  if (at == found.candidates.end()) return false;
  std::rotate(found.candidates.begin(), at, at + 1);
  return true;
}

answer::Question Turn::question(std::string text) const {
  answer::Question out{.text = std::move(text), .earlier = state_.told, .chosen = {}};
  for (const Choice& choice : state_.chosen) out.chosen.push_back(choice.value);
  return out;
}

Answer Turn::answer_from_first(const std::string& text, const std::vector<std::string>& told,
                               const Found& found) const {
  answer::Question asked = question(text);
  asked.earlier = told;
  answer::ComposeContext cx = context();
  cx.floors = {.answer = 0, .partial = 0};  // it was given, or sent to, before
  return compose(asked, {found.candidates.data(), 1}, cx);
}

Step Turn::from_subject(const std::string& text, const std::vector<std::string>& told,
                        const Found* joined) {
  Found found = find(text, {state_.subject});
  if (!bring_first(found, state_.subject)) {  // switched off, or gone, since
    State fresh;
    fresh.told = std::move(state_.told);
    state_ = std::move(fresh);
    return done(reply(Act::ask, world_.town));
  }
  found.candidates[0].probability = state_.confidence;
  Answer answer = answer_from_first(text, told, found);
  if (answer.lacks && joined != nullptr)
    if (auto beside = aside(text, told, *found.candidates[0].document, *joined))
      return done(std::move(*beside));
  // Its doubt was told when it was first given: it is not told again, and not forgotten.
  if (answer.status == Status::answer && state_.confidence < kDoubtful)
    answer.status = Status::partial;
  if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
  return done(std::move(answer));
}

Step Turn::chose_commune(const Choice& choice) {
  const std::string_view insee =
      std::string_view(choice.value).substr(answer::kCommuneChoice.size());
  const auto at = std::ranges::find(world_.communes, insee, &tenancy::Commune::insee);
  if (at == world_.communes.end() || state_.question.empty())
    return done(reply(Act::ask, world_.town));
  state_.commune = commune_ = at->insee;
  if (auto contact = service(hear(state_.question))) return done(std::move(*contact));
  return open(state_.question);
}

Step Turn::chose(const Choice& choice) {
  if (choice.value.starts_with(answer::kCommuneChoice)) return chose_commune(choice);
  const std::string sheet(answer::sheet_of_choice(choice.value));
  if (state_.subject != sheet) {  // a sheet that was offered
    Found found = find(state_.question, {sheet});
    if (!bring_first(found, sheet)) return done(reply(Act::ask, world_.town));
    state_.subject = sheet;
    state_.title = found.candidates.front().document->title;
    state_.confidence = 1;  // the citizen chose it
    state_.chosen.clear();
    state_.opened.clear();
  }
  if (answer::is_offer(choice.value)) {
    const std::string asked = labelled(choice).label;
    const std::vector<std::string> told = state_.told;
    remember(asked);
    return from_subject(asked, told);
  }
  if (choice.value != sheet) choose(state_.chosen, labelled(choice));
  return from_subject(state_.question.empty() ? state_.title : state_.question, state_.told);
}

Choice Turn::labelled(Choice choice) const {
  for (const Choice& each : state_.offered)
    if (each.value == choice.value) choice.label = each.label;
  return choice;
}

Step Turn::each_case() {
  Step out = from_subject(state_.question, state_.told);
  if (out.answer.status == Status::clarify) out.answer.status = Status::partial;
  out.answer.text.insert(0, std::string(kEachCase) + "\n");
  return out;
}

bool Turn::follows(const Heard& heard, const Found& alone, const Found& joined) const {
  constexpr double kGoesOn = 0.3;    // what leaning is worth
  constexpr std::size_t kNamed = 3;  // own words that name a matter
  constexpr std::size_t kFew = 2;  // that may be a detail of the page: "le chauffage est compris ?"
  constexpr double kCertain = 0.75;  // a page found for so few words alone is meant
  if (heard.turns || (heard.turns_aside && !speaks_of(joined, heard))) return false;
  if (heard.own.empty() || heard.describes || names_only_somebody(heard)) return true;
  if (!state_.subject.empty() && first_of(alone) == state_.subject) return true;
  const double own = confidence_of(alone), both = confidence_of(joined);
  if (heard.own.size() <= kFew && own < kCertain && !state_.subject.empty() &&
      speaks_of(joined, heard))
    return true;
  if (own >= kAnother && !state_.subject.empty() && !speaks_of(joined, heard)) return false;
  if (names_what_it_happened_to(heard) && own > both && !state_.subject.empty() &&
      !speaks_of(joined, heard))
    return false;
  if (heard.asks && heard.own.size() > kNamed && own > both && !state_.subject.empty() &&
      !speaks_of(joined, heard))
    return false;
  if (own >= context().floors.answer && heard.own.size() >= kNamed) return false;
  if (both + (heard.leans || !heard.asks ? kGoesOn : 0) >= own) return true;
  return own < kDoubtful && !state_.subject.empty() && first_of(joined) == state_.subject;
}

const knowledge::Document* Turn::page_of_subject(const Found& found) const {
  const auto at = std::ranges::find_if(found.candidates, [&](const Candidate& each) {
    return each.document->key.id == state_.subject;
  });
  return at == found.candidates.end() ? nullptr : at->document;
}

bool Turn::speaks_of(const Found& found, const Heard& heard) const {
  const knowledge::Document* subject = page_of_subject(found);
  if (subject == nullptr) return false;
  const std::vector<std::string> page = text::terms(knowledge::print_text(*subject));
  const std::set<std::string_view> has(page.begin(), page.end());
  const std::vector<std::string> own = names_what_it_happened_to(heard) ? things(heard) : heard.own;
  const auto said =
      static_cast<std::size_t>(std::ranges::count_if(own, [&](const std::string& word) {
        return std::ranges::any_of(has, [&](auto each) { return text::akin(each, word); });
      }));
  return heard.asks || tells_event(heard.text) ? 2 * said >= own.size() : said > 0;
}

std::vector<Option> Turn::pages_meant(const Heard& heard, const Found& alone, const Found& joined,
                                      const Found& titled) const {
  // What a page begins with: its end is mostly where else to look.
  constexpr std::size_t kRead = 6000;  // bytes
  const knowledge::Document* subject = page_of_subject(joined);
  return options(heard, {.alone = alone, .joined = joined, .titled = titled}, state_.subject,
                 subject == nullptr
                     ? std::vector<std::string>()
                     : text::terms(text::utf8_prefix(knowledge::print_text(*subject), kRead)));
}

std::vector<Option> Turn::pages_meant(const std::string& message) const {
  const Heard heard = hear(spelled_out(message));
  const Found alone = of_the_matter(find(heard.text), heard.text);
  const Found joined = find(state_.question + " " + heard.text, {state_.subject});
  return pages_meant(heard, alone, joined, find(state_.title + " " + heard.text, {state_.subject}));
}

Turn::Meant Turn::page_meant(const Heard& heard, const Found& alone, const Found& joined) const {
  const std::string after_title = state_.title + " " + heard.text;
  const Found titled = find(after_title, {state_.subject});
  const std::vector<Option> all = pages_meant(heard, alone, joined, titled);
  const std::vector<double> likely = chances(all, sign_weights(alone.words_only));
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-likely[i], i); });
  const bool stays = follows(heard, alone, joined);
  // What happened holds: after a theft no page on a loss is meant.
  const auto possible = [&](const Candidate& page) {
    return tells_event(heard.text) || !of_another_case(page, state_.question);
  };
  const double floor = context().floors.partial;
  for (const std::size_t i : order) {
    const Option& option = all[i];
    if (option.id == state_.subject) continue;
    if (stays && likely[i] < kSurelyAnother) break;
    const bool first =
        !alone.candidates.empty() && !alone.shares.empty() && option.id == alone.shares.front().id;
    if (first) {  // with what moved it
      if (!possible(alone.candidates.front())) continue;
      Meant out{option.id, alone};
      double& sure = out.found.candidates.front().probability;
      sure = std::max(sure, std::min(likely[i], floor));
      return out;
    }
    const auto [of_alone, of_joined, of_titled] =
        std::tuple(option.signs[0], option.signs[1], option.signs[2]);
    const std::string best = of_alone >= std::max(of_joined, of_titled) ? heard.text
                             : of_joined >= of_titled ? state_.question + " " + heard.text
                                                      : after_title;
    Found whole = find(best, {option.id});  // what is not first was read by its head alone
    const double sure = confidence_of(whole);
    if (!bring_first(whole, option.id) || !possible(whole.candidates.front())) continue;
    // It is as sure as both say, and given in any case.
    whole.candidates.front().probability = std::max(std::min(likely[i], sure), floor);
    return {option.id, std::move(whole)};
  }
  return {};
}

std::vector<Option> options(const State& state, const std::string& message, const World& world) {
  return Turn(state, world).pages_meant(message);
}

void Turn::adopt(const Candidate& page, std::string question) {
  if (state_.subject != page.document->key.id) {
    state_.chosen.clear();
    state_.asked = 0;
  }
  state_.subject = page.document->key.id;
  state_.title = page.document->title;
  state_.confidence = page.probability;
  state_.opened.clear();
  state_.question = std::string(text::utf8_prefix(question, kQuestionBytes));
}

std::optional<Step> Turn::follow(const Heard& heard, const Found& alone) {
  const bool of_sheet = !state_.subject.empty();
  const bool of_place =
      state_.at_place && (!of_sheet || (!heard.own.empty() && heard.facets.empty()));
  const std::string& before = of_place ? state_.place : state_.question;
  if (before.empty()) return std::nullopt;
  const std::string both = before + " " + heard.text;
  const Found joined = find(both, {state_.subject});
  const bool stays = of_sheet && !of_place;
  if (stays) {
    if (auto left = leave(heard, alone, joined)) return left;
  } else {
    if (!follows(heard, alone, joined) || confidence_of(joined) < context().floors.partial)
      return std::nullopt;
    adopt(joined.candidates.front(), of_place ? heard.text : both);
  }
  take_back(state_.chosen, heard.text, supposes(heard) ? page_of_subject(joined) : nullptr);
  const std::vector<std::string> told = state_.told;
  remember(heard.text);
  // What answers a question of ours tells more of the one it stands for.
  const bool replies = stays && !heard.asks && !answer::goes_on(heard.text);
  const std::string asked = replies ? state_.question + ". " + heard.text : heard.text;
  return from_subject(asked, told, &joined);
}

std::optional<Step> Turn::leave(const Heard& heard, const Found& alone, const Found& joined) {
  const std::string both = state_.question + " " + heard.text;
  const bool tells = heard.own.empty() || heard.describes || names_only_somebody(heard);
  if (!tells)
    if (const Meant page = page_meant(heard, alone, joined); !page.id.empty())
      return open(heard.text, page.found);
  if (const std::string id = tells ? "" : linked_page(heard, joined); !id.empty()) {
    Found linked = find(both, {id});
    if (!bring_first(linked, id)) return std::nullopt;
    linked.candidates.front().probability = state_.confidence;
    // A page that answers one question is read in passing.
    if (linked.candidates.front().document->type.contains("éponse")) return passing(heard, linked);
    adopt(linked.candidates.front(), both);
  } else if (answer::contradicts(answer::describe(state_.title), answer::describe(heard.text))) {
    const auto sister = std::ranges::find_if(
        joined.candidates, [&](const Candidate& each) { return !contradicts(each, heard.text); });
    if (sister == joined.candidates.end()) return std::nullopt;
    Candidate page = *sister;
    page.probability = confidence_of(joined);
    adopt(page, both);
  } else if (state_.confidence < kDoubtful && !heard.own.empty() &&
             confidence_of(joined) >= context().floors.partial) {
    adopt(of_what_is_told(joined, both).candidates.front(), both);
  }
  return std::nullopt;
}

Step Turn::passing(const Heard& heard, const Found& found) {
  Answer answer = answer_from_first(heard.text, state_.told, found);
  remember(heard.text);
  return done(std::move(answer));
}

// A page that the one talked about sends to in words that hold all of the message's own: a list of
// papers, each with its page.
std::string Turn::linked_page(const Heard& heard, const Found& joined) const {
  const knowledge::Document* page = page_of_subject(joined);
  const std::vector<std::string> title = text::terms(state_.title);
  const auto in = [](const std::vector<std::string>& words) {
    return
        [&words](const std::string& word) { return std::ranges::find(words, word) != words.end(); };
  };
  if (page == nullptr || heard.own.empty() || std::ranges::all_of(heard.own, in(title))) return "";
  answer::Described told = answer::describe(heard.text);
  for (const std::string& before : state_.told) complete_with(told, answer::describe(before));
  std::string out;
  std::vector<const knowledge::Block*> ancestors;
  knowledge::walk(page->body, ancestors, [&](const auto& block, const auto&) {
    for (const knowledge::Span& span : block.spans) {
      if (!out.empty() || span.kind != knowledge::Span::Kind::sheet_link ||
          span.target == state_.subject)
        continue;
      const std::vector<std::string> words = text::terms(span.text);
      if (std::ranges::all_of(heard.own, in(words)) &&
          !answer::contradicts(answer::describe(span.text), told))
        out = span.target;
    }
    return out.empty();
  });
  return out;
}

std::optional<Answer> Turn::aside(const std::string& text, const std::vector<std::string>& told,
                                  const knowledge::Document& page, const Found& joined) const {
  constexpr std::size_t kOthers = 3;
  const std::vector<std::string> title = text::terms(page.title);
  const auto beside = [&](const Candidate& other) {
    using Kind = knowledge::Document::Kind;
    const Kind kind = other.document->kind;
    return kind != Kind::resource && kind != Kind::dossier && !contradicts(other, text) &&
           (sends_to(page, other.document->key.id) ||
            std::ranges::any_of(text::terms(other.document->title), [&](const std::string& term) {
              return std::ranges::find(title, term) != title.end();
            }));
  };
  std::vector<std::string> ids;
  for (const Candidate& each : joined.candidates | std::views::take(kOthers))
    if (each.document->key.id != state_.subject && beside(each))
      ids.push_back(each.document->key.id);
  if (ids.empty()) return std::nullopt;
  Found whole = find(text, ids);
  for (const std::string& id : ids) {
    if (!bring_first(whole, id)) continue;
    whole.candidates.front().probability = kDoubtful / 2;
    Answer answer = answer_from_first(text, told, whole);
    if (answer.lacks || answer.status == Status::clarify) continue;
    answer.status = Status::partial;
    return answer;
  }
  return std::nullopt;
}

Found Turn::of_what_is_told(const Found& found, const std::string& text) const {
  constexpr std::size_t kOthers = 4;
  if (found.candidates.empty()) return found;
  const Candidate& first = found.candidates.front();
  const bool of_child =
      is_for(first, "minor") && !tells_age(text) && std::ranges::none_of(state_.told, tells_age);
  if (!of_child && !of_another_case(first, text)) return found;
  for (const Candidate& each : found.candidates | std::views::take(kOthers)) {
    if (of_another_case(each, text) || (of_child && !is_sister(each, first, text))) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});  // what is not first was read by its head alone
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

Step Turn::correct(const std::string& text) {
  std::string asked = state_.question;
  if (!state_.told.empty() && hear(state_.told.back()).asks) asked = state_.told.back();
  const std::vector<std::string> title = text::terms(state_.title);
  std::string matter = text, event = text;
  for (const text::Word& word : text::words(asked))
    if (std::ranges::find(title, text::stem(word.folded)) == title.end())
      matter.append(" ").append(word.folded);
  for (const text::Word& word : text::words(state_.title))
    if (!tells_event(word.folded)) event.append(" ").append(word.folded);
  Found by_matter = find(matter), by_event = find(event);
  if (tells_event(text) && confidence_of(by_event) > confidence_of(by_matter))
    return open(event, by_event);
  return open(matter, by_matter);
}

Found Turn::guide_of_event(const Found& found, const std::string& text) const {
  const answer::Described said = answer::describe(text);
  const auto of_life = [](const answer::Trait& trait) {
    return trait.family == answer::Family::life && !trait.denied;
  };
  if (found.candidates.empty() || hear(text).asks || std::ranges::none_of(said.traits, of_life))
    return found;
  for (const Candidate& each : found.candidates) {
    if (!each.document->type.contains("omment faire si")) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

// A page of the town on the matter, among the first, when the first one has not all of its words.
Found Turn::of_the_matter(const Found& found, const std::string& text) const {
  const auto& services = context().services;
  if (!services.matter || found.candidates.empty()) return found;
  const std::string called = services.matter(text);
  const std::vector<std::string> matter = text::terms(called);
  if (matter.empty()) return found;
  std::vector<std::string> kind = text::terms(with_kind(called));
  kind.erase(kind.begin(),
             kind.begin() + static_cast<std::ptrdiff_t>(std::min(matter.size(), kind.size())));
  const auto has_all = [](const std::vector<std::string>& page,
                          const std::vector<std::string>& all) {
    return !all.empty() && std::ranges::all_of(all, [&](const std::string& word) {
      return std::ranges::find(page, word) != page.end();
    });
  };
  const auto of_it = [&](const Candidate& page) {
    const std::vector<std::string> words =
        text::terms(is_own(page) ? knowledge::print_text(*page.document) : page.document->title);
    return has_all(words, matter) || (is_own(page) && has_all(words, kind));
  };
  if (of_it(found.candidates.front())) return found;
  for (const Candidate& each : found.candidates) {
    if (!is_own(each) || !of_it(each)) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

Step Turn::unknown_of_the_town(const std::string& text) {
  Answer out;
  out.status = Status::unknown;
  out.text =
      "Je n’ai pas cette information sur la vie de la commune. Votre mairie peut vous répondre.";
  if (context().services.by_pivot) out.contact = context().services.by_pivot("mairie");
  state_.subject.clear();
  state_.title.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  remember(text);
  return done(std::move(out));
}

bool Turn::vague(const std::string& text, const Found& found) {
  const Heard heard = hear(text);
  return heard.own.size() == 1 && heard.facets.empty() && found.candidates.size() > 2 &&
         confidence_of(found) < kDoubtful &&
         std::ranges::count_if(
             found.candidates,
             [&](const Candidate& each) {
               const std::vector<std::string> title = text::terms(each.document->title);
               return std::ranges::find(title, heard.own.front()) != title.end();
             }) > 2;
}

Step Turn::ask_which_matter(const std::string& text, const Found& found) {
  Answer out;
  out.status = Status::clarify;
  out.confidence = confidence_of(found);
  out.text = "Plusieurs fiches en parlent. De laquelle avez-vous besoin\u202F?";
  for (const Candidate& each : found.candidates)
    out.choices.push_back({each.document->title, each.document->key.id});
  state_.subject.clear();
  state_.title.clear();
  state_.chosen.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  remember(text);
  return done(std::move(out));
}

Step Turn::open(const std::string& text, const Found& first) {
  const Found found = guide_of_event(of_what_is_told(first, text), text);
  if (vague(text, found)) return ask_which_matter(text, found);
  state_.chosen.clear();
  state_.asked = 0;
  Answer answer = compose(question(text), found.candidates, context());
  state_.opened.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  state_.subject.clear();
  state_.title.clear();
  if (!found.candidates.empty() && asserts(answer.status)) {
    state_.subject = found.candidates[0].document->key.id;
    state_.title = found.candidates[0].document->title;
    state_.confidence = found.candidates[0].probability;
  }
  if (const auto& services = context().services;
      !answer.contact && services.by_words && !answer.citations.empty() &&
      answer.citations.front().local && asserts(answer.status))
    answer.contact = services.by_words(answer.citations.front().title);
  remember(text);
  if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
  return done(std::move(answer));
}

}  // namespace parvis::dialogue
