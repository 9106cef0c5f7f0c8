// The pages, as markup. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "html/html.hpp"
#include "knowledge/document.hpp"
#include "portal/themes.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::portal {

// Where the files are that every page loads.
struct Files {
  std::string town_css, css, script, icon;
  std::string pieces_script = {};  // sends files; empty: forms alone do
};

// What every page carries around its matter.
struct Frame {
  std::string town;
  std::vector<tenancy::Commune> communes;
  const tenancy::Commune* commune = nullptr;  // one of `communes`, or none
  std::string base = "/";                     // "/" or "/{slug}/": where this citizen's pages are
  Files files;
  std::optional<answer::Contact> desk;  // the town hall, to reach a person
  std::string today;                    // "lundi 23 novembre"
  bool procedures = false;              // démarches and cases have pages here
  std::string typed = {};               // for whom an agent types, and who: of their pages alone
};

std::string page(const Frame& frame, std::string_view title, const html::Html& main);

// Parts of what surrounds a page: the town's plate, which leads there, and the choice of colours.
html::Html plaque(std::string_view town, std::string_view to);
html::Html display_form();

// empty: the question was sent so, which is said at the field.
enum class Asked { not_yet, empty };
struct Offered;  // portal.hpp
html::Html home(const Frame& frame, const std::vector<Theme>& themes,
                const std::vector<Offered>& procedures, Asked asked);
html::Html themes(const Frame& frame, const std::vector<Theme>& all);
html::Html services(const std::vector<answer::Contact>& all);
std::string answer_title(const answer::Answer& answer);
// What the first message of a conversation carries (visitor.hpp).
struct First {
  std::string start, id;
};
// With the offer to go on in a conversation, where nothing was said before that it would lack.
html::Html answered(const Frame& frame, const answer::Question& question,
                    const answer::Answer& answer, const First& first);
// "Cette réponse vous a-t-elle aidé ?" about the answer whose first source is (audience, id), both
// empty without one. missing: "no" came without its reason.
enum class ReasonGiven { not_yet, missing };
struct Judging {
  std::string to;    // where its forms are sent
  html::Html about;  // hidden fields: what is judged
  std::string_view hint;
};
html::Html feedback(const Judging& judging, ReasonGiven given);
html::Html feedback(const Frame& frame, const knowledge::DocumentKey& about, ReasonGiven given);
html::Html thanks(const Frame& frame);
// offices: the town's own service for a key of the national directory ("mairie"), where a sheet
// says whom to turn to; nothing when the town has none.
using Offices = std::function<std::optional<answer::Contact>(std::string_view pivot)>;
html::Html sheet(const Frame& frame, const knowledge::Document& document, const Offices& offices);
html::Html refused(const Frame& frame, int status);

// The address of a sheet's own page.
std::string sheet_url(const Frame& frame, std::string_view audience, std::string_view id);

// The lines of an answer: "- " starts an item, "1. " a step; web addresses become links. A mark
// with the number of its source closes each run of lines that stand in one citation's passage.
html::Html lines(std::string_view text, const std::vector<answer::Citation>& citations);

// How to reach a service, and when.
html::Html service_card(const answer::Contact& contact);
html::Html print_button();  // hidden until portal.js makes it work
html::Html phone_links(const std::vector<answer::PhoneNumber>& phones);
html::Html emergency(const answer::Contact& contact);  // numbers to press
html::Html hidden(std::string_view key, std::string_view value);

// Where the conversation is, and what is under it: "/bourg/conversation/effacer".
std::string conversation_url(const Frame& frame, std::string_view rest = "");

}  // namespace parvis::portal
