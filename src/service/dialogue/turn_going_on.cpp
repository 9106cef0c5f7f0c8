// A message that goes on with the page talked about, or leaves it for another.
#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>

#include "answer/contact.hpp"
#include "answer/phrases.hpp"
#include "answer/traits.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/pages.hpp"
#include "dialogue/replies.hpp"
#include "dialogue/spelling.hpp"
#include "dialogue/turn.hpp"
#include "knowledge/print.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Candidate;
using answer::Grounds;
using answer::Status;

namespace {

// Likelier than that another page is meant, though the rules say that it goes on; and though
// something is told and nothing asked, which is of what is talked about nearly always.
constexpr double kSurelyAnother = 0.6, kToldOfAnother = 0.85;
// From there on the page talked about is meant though the rules say that it is left; but not where
// many words tell of something, or ask of a matter whose page is found surely for them alone.
constexpr double kSurelyThis = 0.85, kCertain = 0.75;
constexpr std::size_t kNamed = 3;  // own words that name a matter
// Of the pages but the one talked about: from there on one is given where that one says nothing.
constexpr double kPerhaps = 0.3;
// A page that has nothing but a passage near what is asked is left for one this much as likely.
constexpr double kNearlyAsLikely = 0.6;
constexpr std::size_t kTelling = 2;  // own words that tell of a matter; one may be a detail

// From here on a page that is found for the words alone may be another matter.
constexpr double kAnother = 0.4;

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

// Of somebody or their case, and names no matter.
bool only_tells(const Heard& heard) {
  return heard.own.empty() || heard.describes || names_only_somebody(heard);
}

bool seems_to_ask(const Heard& heard) {
  return heard.asks || answer::has_question_words(heard.text);
}

}  // namespace

bool tells_more(const Heard& heard) {
  // A wish, or a question that the words before it make one.
  constexpr std::string_view kWants =
      "ou|qui|veux|voudrai*|voulais|aimerai*|besoin|cherche*|plutot|aussi|du coup|en attendant|"
      "donc|pareil|meme|egalement|confirme*|dites|merci de|se passe";
  // A bare name is of a matter: "inscription école". A number, or who or what does something,
  // tells.
  constexpr std::string_view kTells =
      "je|j|tu|il|elle|on|nous|ils|elles|ce|c|ca|cela|est|sont|ont|ai|suis|sommes|avons|etait|"
      "etais|avait|avais|non|oui";
  const std::vector<std::string> words = answer::folded_words(heard.text);
  const bool tells = answer::has_phrase(words, kTells) ||
                     std::ranges::any_of(heard.text, [](char c) { return c >= '0' && c <= '9'; });
  return tells && !seems_to_ask(heard) && !heard.turns && !heard.turns_aside &&
         !tells_event(heard.text) && !answer::has_phrase(words, kWants) &&
         !answer::starts_with_phrase(words, "et|mais|si|pour|sinon");
}

bool Turn::follows(const GoesOn& on) const {
  const Heard& heard = on.heard;
  const Found &alone = on.alone, &joined = on.joined;
  constexpr double kGoesOn = 0.3;  // what leaning is worth
  constexpr std::size_t kFew = 2;  // that may be a detail of the page: "le chauffage est compris ?"
  if (heard.turns || (heard.turns_aside && !speaks_of(joined, heard))) return false;
  if (only_tells(heard)) return true;
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

Subject Turn::subject_among(const Found& found) const {
  Subject out;
  out.id = state_.subject;
  const knowledge::Document* page = page_of_subject(found);
  if (page == nullptr) return out;
  out.filed = knowledge::filed_under(*page);
  const auto add = [&](const std::vector<knowledge::Link>& links) {
    for (const knowledge::Link& link : links)
      if (!link.id.empty()) out.links.push_back(link.id);
  };
  for (const auto* links : {&page->questions, &page->what_if, &page->see_also}) add(*links);
  std::vector<const knowledge::Block*> ancestors;
  knowledge::walk(page->body, ancestors, [&](const auto& block, const auto&) {
    for (const knowledge::Span& span : block.spans)
      if (span.kind == knowledge::Span::Kind::sheet_link) out.links.push_back(span.target);
    return true;
  });
  return out;
}

Found Turn::near_in_subject(const std::string& text, const Found& joined) const {
  const std::string titled = state_.title + " " + text;
  Found found = find(titled, {state_.subject});
  if (!bring_first(found, state_.subject)) return found;
  Candidate& page = found.candidates.front();
  // Which of several matters of the town's page it is, what was asked before says.
  for (const Candidate& each : joined.candidates)
    if (each.document->key.id == state_.subject) page.general = each.general;
  if (!world_.near) return found;
  std::vector<const knowledge::Document*> pages = {page.document};
  std::vector<std::vector<answer::PassageHit>*> passages = {&page.passages};
  for (answer::LocalLink& local : page.local) {
    pages.push_back(local.document);
    passages.push_back(&local.passages);
  }
  auto near = world_.near(pages, matter(titled));
  for (std::size_t i = 0; i < near.size(); ++i) *passages[i] = std::move(near[i]);
  return found;
}

answer::Question Turn::more_of(const Heard& heard, bool stays) const {
  const bool replies = stays && !seems_to_ask(heard) && !answer::goes_on(heard.text);
  answer::Question out = question(replies ? state_.question + ". " + heard.text : heard.text);
  out.said = state_.said;
  return out;
}

std::vector<Option> Turn::pages_meant(const GoesOn& on) const {
  // What a page begins with: its end is mostly where else to look.
  constexpr std::size_t kRead = 6000;  // bytes
  Subject subject = subject_among(on.joined);
  if (const knowledge::Document* page = page_of_subject(on.joined))
    subject.words = text::terms(text::utf8_prefix(knowledge::print_text(*page), kRead));
  subject.odds = on.stays;
  return options(on.heard, {.alone = on.alone, .joined = on.joined, .titled = on.titled}, subject);
}

std::vector<Option> Turn::pages_meant(const std::string& message) const {
  if (const auto foreign = foreign_message(message))
    return foreign_pages_meant(*foreign, find_foreign(*foreign));
  const Heard heard = hear(spelled_out(message));
  const Found alone = of_the_matter(find(heard.text), heard.text);
  return pages_meant({.heard = heard,
                      .alone = alone,
                      .joined = find(state_.question + " " + heard.text, {state_.subject}),
                      .titled = find(state_.title + " " + heard.text, {state_.subject}),
                      .stays = odds_of_staying(heard.text)});
}

std::optional<double> Turn::odds_of_staying(const std::string& text) const {
  return world_.stays ? world_.stays(matter(state_.title + " " + text)) : std::nullopt;
}

std::vector<Turn::Likely> Turn::by_chance(std::vector<Option> all, Reading reading) {
  const std::vector<double> likely = chances(all, sign_weights(reading));
  std::vector<Likely> out;
  for (std::size_t i = 0; i < all.size(); ++i) out.push_back({std::move(all[i]), likely[i]});
  std::ranges::sort(out.begin() + 1, out.end(), std::ranges::greater{}, &Likely::chance);
  return out;
}

std::vector<Turn::Likely> Turn::likely_pages(const GoesOn& on) const {
  return by_chance(pages_meant(on), on.alone.words_only ? Reading::words
                                    : on.stays          ? Reading::model
                                                        : Reading::other_model);
}

Turn::Meant Turn::page_meant(const GoesOn& on, Leaving leaving) const {
  const Heard& heard = on.heard;
  const Found& alone = on.alone;
  const std::vector<Likely> all = likely_pages(on);
  const bool anyway = leaving == Leaving::anyway;
  const bool tells = tells_more(heard);
  const bool surely_this =
      all.front().chance >= kSurelyThis &&
      (heard.own.size() < kNamed || (heard.asks && confidence_of(alone) < kCertain));
  const bool stays = leaving == Leaving::where_likelier ||
                     (leaving == Leaving::where_meant && (tells || follows(on) || surely_this));
  // What happened holds: after a theft no page on a loss is meant.
  const auto possible = [&](const Candidate& page) {
    return !contradicts(page, heard.text) &&
           (tells_event(heard.text) || !of_another_case(page, state_.question));
  };
  const double floor = context().floors.partial, subject = all.front().chance;
  // A page that has none of the words is left for what is likelier.
  const bool foreign_to_it = heard.own.size() >= kTelling &&
                             all.front().page.signs[static_cast<std::size_t>(Sign::speaks)] == 0;
  const double sure = leaving == Leaving::where_likelier ? kNearlyAsLikely * subject
                      : tells                            ? kToldOfAnother
                      : foreign_to_it                    ? subject
                                                         : kSurelyAnother;
  for (const Likely& one : all | std::views::drop(1)) {
    const double chance = anyway ? one.chance / std::max(1 - subject, 1e-9) : one.chance;
    if (anyway && chance < kPerhaps) break;
    if (stays && one.chance < sure) break;
    const std::string& id = one.page.id;
    const bool first =
        !alone.candidates.empty() && !alone.shares.empty() && id == alone.shares.front().id;
    if (first) {  // with what moved it
      if (!possible(alone.candidates.front())) continue;
      Meant out{id, alone, heard.text};
      double& given = out.found.candidates.front().probability;
      given = std::max(given, std::min(chance, floor));
      return out;
    }
    const auto [of_alone, of_joined, of_titled] =
        std::tuple(one.page.signs[0], one.page.signs[1], one.page.signs[2]);
    const std::string best = of_alone >= std::max(of_joined, of_titled) ? heard.text
                             : of_joined >= of_titled ? state_.question + " " + heard.text
                                                      : state_.title + " " + heard.text;
    Found whole = find(best, {id});  // what is not first was read by its head alone
    const double of_it = confidence_of(whole);
    if (!bring_first(whole, id) || !possible(whole.candidates.front())) continue;
    // It is as sure as both say, and given in any case.
    whole.candidates.front().probability = std::max(std::min(chance, of_it), floor);
    return {id, std::move(whole), best};
  }
  return {};
}

void Turn::offer_others(Answer& answer, const std::vector<Likely>& all) const {
  constexpr std::size_t kOthers = 3;
  constexpr double kWorth = 0.06;  // of the pages but the one talked about
  std::vector<std::string> ids;
  for (const Likely& one : all | std::views::drop(1) | std::views::take(kOthers))
    if (one.chance >= kWorth * (1 - all.front().chance)) ids.push_back(one.page.id);
  offer_pages(answer, ids);
}

void Turn::offer_pages(Answer& answer, const std::vector<std::string>& ids) const {
  if (ids.empty()) return;
  const Found found = find(state_.title, ids);
  for (const std::string& id : ids)
    for (const Candidate& each : found.candidates)
      if (each.document->key.id == id) answer.choices.push_back(answer::other_page(*each.document));
}

std::vector<Option> options(const State& state, const std::string& message, const World& world) {
  return Turn(state, world).pages_meant(message);
}

std::vector<answer::PlaceRead> Turn::places(const std::string& message) {
  if (const auto first =
          read_subject(question(state_.question), find(state_.question, {state_.subject})))
    keep_said(first->text);
  const Heard heard = hear(spelled_out(message));
  Found found = near_in_subject(heard.text, find(state_.question, {state_.subject}));
  if (!bring_first(found, state_.subject)) return {};
  return answer::places_of_sheet(more_of(heard, true), found.candidates.front(), context());
}

std::vector<answer::PlaceRead> places(State state, const std::string& message, const World& world) {
  return Turn(std::move(state), world).places(message);
}

std::optional<Step> Turn::follow(const Heard& heard, const Found& alone) {
  const bool of_sheet = !state_.subject.empty();
  const bool of_place =
      state_.at_place && (!of_sheet || (!heard.own.empty() && heard.facets.empty()));
  const std::string before = of_place ? state_.place : matter_before();
  if (before.empty()) return std::nullopt;
  const std::string both = before + " " + heard.text, page = state_.subject;
  const bool stays = of_sheet && !of_place;
  GoesOn on{heard, alone, find(both, {state_.subject})};
  if (stays) {
    on.titled = find(state_.title + " " + heard.text, {state_.subject});
    on.stays = odds_of_staying(heard.text);
  }
  const Found& joined = on.joined;
  if (stays) {
    if (auto left = leave(on)) return left;
  } else {
    const bool tells = tells_more(heard);
    if (!tells && !follows(on)) return std::nullopt;
    // Pages were offered and none was chosen: of which is it asked?
    if (!of_place && heard.own.empty() && !state_.offered.empty() && joined.candidates.size() > 1 &&
        confidence_of(joined) < context().floors.answer)
      return ask_which_matter(both, joined);
    if (confidence_of(joined) < context().floors.partial) {
      if (!tells || of_place) return std::nullopt;
      return open(both, joined);
    }
    adopt(joined.candidates.front(), of_place ? heard.text : both);
  }
  take_back(state_.chosen, heard.text, supposes(heard) ? page_of_subject(joined) : nullptr);
  const answer::Question asked = more_of(heard, stays);
  remember(heard.text);
  auto answer =
      read_subject(asked, on.near ? std::move(*on.near) : near_in_subject(heard.text, joined));
  if (!answer) return subject_gone();
  // What is told is no reason to say the same again.
  if (answer->grounds == Grounds::words && answer->status != Status::clarify && tells_more(heard) &&
      answer::share_said(state_.said, answer->text) >= answer::kMostlySaid)
    answer->grounds = Grounds::again;
  if (answer->grounds != Grounds::words) return beyond(asked, std::move(*answer), on);
  if (!on.beside.empty()) offer_pages(*answer, {on.beside});
  // Another page than was talked about, and a doubtful one.
  if (state_.subject != page && state_.confidence < kDoubtful) {
    Found others = joined;
    const bool there = bring_first(others, state_.subject);
    std::erase_if(others.candidates, [&](const Candidate& each) {
      return each.document->key.id != state_.subject && (!there || contradicts(each, heard.text));
    });
    answer::tell_doubt(*answer, others.candidates);
  }
  return done(std::move(*answer));
}

Step Turn::beyond(const answer::Question& asked, Answer answer, const GoesOn& on) {
  const bool near = answer.grounds == Grounds::nearness || answer.grounds == Grounds::far;
  // Whom to call, and the page does not say: who deals with it.
  if (!on.heard.facets.empty() && on.heard.facets.front() == answer::Facet::phone)
    if (auto deals = who_deals())
      return done(reached(std::move(*deals), on.heard.text, on.heard.text));
  if (answer.grounds == Grounds::none)
    if (const knowledge::Document* page = page_of_subject(on.joined))
      if (auto beside = aside(asked, *page, on.joined)) return done(std::move(*beside));
  // What names nothing of its own, or asks nothing, is of the page, whatever it says.
  if (!only_tells(on.heard) && !tells_more(on.heard))
    if (const Meant other = page_meant(on, near ? Leaving::where_likelier : Leaving::anyway);
        !other.id.empty()) {
      answer::Question there = asked;
      there.chosen.clear();
      there.said.clear();  // it is read from its beginning
      Answer instead = answer_from_first(there, other.found);
      if (answer::share_said(state_.said, instead.text) < answer::kMostlySaid) {
        if (instead.status == Status::answer) instead.status = Status::partial;
        instead.text.insert(0, std::string(kPerhapsThere) + "\n");
        adopt(other.found.candidates.front(), other.by);  // what follows is about it
        return done(std::move(instead));
      }
    }
  return not_said(std::move(answer), on);
}

Step Turn::not_said(Answer answer, const GoesOn& on) {
  const bool asks_again = answer.status == Status::clarify && asked_before(answer);
  if (answer.status == Status::clarify && !asks_again) return done(std::move(answer));
  // It answers what we asked, and is none of the choices.
  const bool replies = asks_again && (!on.heard.asks || on.heard.own.empty());
  answer.status = Status::partial;
  if (answer.grounds == Grounds::nearness && !replies) {
    answer.text.insert(0, std::string(kPerhapsThis) + "\n");
  } else if (answer.grounds != Grounds::none) {
    if (answer.grounds != Grounds::again && !answer.citations.empty())
      answer.more.insert(answer.more.begin(), {std::string(kNearest), answer.text, 0});
    answer.text = replies         ? std::string(kAskedBefore)
                  : on.heard.asks ? nothing_found(state_.title)
                                  : nothing_of_it(state_.title);
  }
  if (!replies) {
    answer.choices.clear();
    offer_others(answer, likely_pages(on));
  }
  if (auto deals = who_deals()) {
    answer.text.append("\nQui s’en occupe\u00a0: ").append(answer::in_brief(*deals));
    answer.contact = std::move(deals);
  }
  offer_person(answer);
  return done(std::move(answer));
}

std::string Turn::matter_before() const {
  return state_.question.empty() && !state_.booking.asked.empty() ? state_.booking.opening
                                                                  : state_.question;
}

bool Turn::says_it(GoesOn& on) const {
  on.near = near_in_subject(on.heard.text, on.joined);
  const auto here = read_subject(more_of(on.heard, true), *on.near);
  return here && here->grounds == Grounds::words && here->status == Status::answer;
}

std::optional<Step> Turn::leave(GoesOn& on) {
  const Heard& heard = on.heard;
  const Found& joined = on.joined;
  const std::string both = state_.question + " " + heard.text;
  const bool tells = only_tells(heard);
  if (!tells)
    if (const Meant page = page_meant(on, Leaving::where_meant); !page.id.empty()) {
      const bool turns = heard.turns || heard.turns_aside || tells_event(heard.text);
      if (confidence_of(page.found) < kDoubtful && !turns && says_it(on)) {
        on.beside = page.id;
        return std::nullopt;
      }
      Step next = open(heard.text, page.found);
      // What it was found by is what is gone on with.
      if (!next.state.subject.empty())
        next.state.question = std::string(text::utf8_prefix(page.by, kQuestionBytes));
      return next;
    }
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

std::optional<Found> Turn::of_what_became(const Heard& heard, const Found& alone) const {
  constexpr std::string_view kAgain = "refai*|remplac*";
  const bool goes_on =
      answer::goes_on(heard.text) || answer::has_phrase(answer::folded_words(heard.text), kAgain);
  const std::string_view event = what_became(state_.title);
  if (!goes_on || event.empty() || heard.own.empty() || heard.turns || heard.turns_aside ||
      tells_event(heard.text) || alone.candidates.empty())
    return std::nullopt;
  Found found = find(heard.text + " " + std::string(event), {state_.subject});
  if (found.candidates.empty()) return std::nullopt;
  const std::string& title = found.candidates.front().document->title;
  const auto named = [&](const std::string& in) {
    const std::vector<std::string> words = text::terms(in);
    return std::ranges::count_if(heard.own, [&](const std::string& word) {
      return std::ranges::find(words, word) != words.end();
    });
  };
  if (first_of(found) == state_.subject || what_became(title) != event || named(title) == 0 ||
      named(title) < named(alone.candidates.front().document->title))
    return std::nullopt;
  // It is given in any case: the thing is named, and what became of it was told.
  double& given = found.candidates.front().probability;
  given = std::max(given, context().floors.partial);
  return found;
}

Step Turn::passing(const Heard& heard, const Found& found) {
  Answer answer = answer_from_first(question(heard.text), found);
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

std::optional<Answer> Turn::aside(const answer::Question& asked, const knowledge::Document& page,
                                  const Found& joined) const {
  constexpr std::size_t kOthers = 3;
  const std::vector<std::string> title = text::terms(page.title);
  const auto beside = [&](const Candidate& other) {
    using Kind = knowledge::Document::Kind;
    const Kind kind = other.document->kind;
    // Beside a page on a loss, one on a theft or a seizure says something else.
    const std::string_view event = what_became(page.title);
    return kind != Kind::resource && kind != Kind::dossier && !contradicts(other, asked.text) &&
           (event.empty() || what_became(other.document->title) == event) &&
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
  Found whole = find(asked.text, ids);
  for (const std::string& id : ids) {
    if (!bring_first(whole, id)) continue;
    whole.candidates.front().probability = kDoubtful / 2;
    Answer answer = answer_from_first(asked, whole);
    if (answer.grounds == Grounds::none || answer.status == Status::clarify) continue;
    answer.status = Status::partial;
    return answer;
  }
  return std::nullopt;
}

}  // namespace parvis::dialogue
