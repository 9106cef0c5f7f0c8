#include "portal/pages.hpp"

#include <algorithm>

#include "base/time.hpp"

namespace parvis::portal {

using namespace html;

namespace {

Html question_form(std::string_view label, std::string_view asked) {
  return h(
      "form", {cls("ask"), action("/question"), attr("method", "post")},
      h("label", {attr("for", "q")}, label),
      h("div", {cls("line")},
        h("input", {id("q"), name("q"), type("text"), value(asked), attr("autocomplete", "off"),
                    attr("maxlength", 2000), attr("aria-describedby", "q-hint"), flag("required")}),
        h("button", {cls("btn")}, "Demander")),
      h("p", {cls("hint"), id("q-hint")},
        "Un assistant automatique répond, avec ses sources. Écrivez comme vous parlez."));
}

// A line with its web addresses as links.
Html linked(std::string_view line) {
  Html out;
  while (!line.empty()) {
    const std::size_t at = std::min(line.find("http://"), line.find("https://"));
    out += Html(line.substr(0, at));
    if (at == std::string_view::npos) break;
    line.remove_prefix(at);
    std::string_view url = line.substr(0, line.find_first_of(" )>"));
    while (url.ends_with('.') || url.ends_with(',') || url.ends_with(';')) url.remove_suffix(1);
    out += h("a", {href(url)}, url);
    line.remove_prefix(url.size());
  }
  return out;
}

// "1. " starts a step: the mark's length, or 0.
std::size_t step_mark(std::string_view line) {
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  return digits > 0 && line.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

// The text of an answer: "- " starts an item, "1. " a step, the rest are paragraphs.
Html lines(std::string_view text) {
  Html out, items, steps;
  auto flush = [&] {
    if (!items.empty()) out += h("ul", items);
    if (!steps.empty()) out += h("ol", steps);
    items = steps = Html();
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.starts_with("- ")) {
      if (!steps.empty()) flush();
      items += h("li", linked(line.substr(2)));
    } else if (const std::size_t mark = step_mark(line); mark > 0) {
      if (!items.empty()) flush();
      steps += h("li", linked(line.substr(mark)));
    } else if (!line.empty()) {
      flush();
      out += h("p", linked(line));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  flush();
  return out;
}

// Choices are buttons of one form: the question stays out of addresses, and no script is needed.
Html choices(const answer::Question& question, const answer::Answer& answer) {
  if (answer.choices.empty()) return {};
  return h("form", {action("/question"), attr("method", "post")},
           h("input", {type("hidden"), name("q"), value(question.text)}),
           each(question.chosen,
                [](const std::string& chosen) {
                  return h("input", {type("hidden"), name("choice"), value(chosen)});
                }),
           h("ul", {cls("choices")}, each(answer.choices, [](const answer::Choice& choice) {
               return h("li", h("button", {cls("choice"), name("choice"), value(choice.value)},
                                choice.label));
             })));
}

Html source(const answer::Citation& citation, std::size_t number) {
  return h("li", {id("s" + std::to_string(number))},
           h("h3", h("a", {href(sheet_url(citation.audience, citation.id))}, citation.title)),
           h("p", citation.origin, ", fiche ", citation.id,
             when(!citation.section.empty(),
                  [&] { return fragment(", section «\u00a0", citation.section, "\u00a0»"); }),
             "."),
           when(!citation.updated.empty(),
                [&] {
                  const auto date = parse_iso_date(citation.updated);
                  return h("p", {cls("soft")}, "Mise à jour le ",
                           date ? format_french_date(*date) : citation.updated, ".");
                }),
           h("details", h("summary", "Lire le passage"), h("blockquote", lines(citation.passage))),
           when(!citation.url.empty(),
                [&] { return h("p", h("a", {href(citation.url)}, "La page officielle")); }));
}

Html person() {
  return h("section", {cls("person"), id("personne"), attr("aria-labelledby", "personne-titre")},
           h("h2", {id("personne-titre")}, "Parler à une personne"),
           h("p", "Appelez le ", h("a", {href("tel:3939")}, "39 39"),
             " (Allô service public), ou allez à votre mairie."));
}

}  // namespace

std::string sheet_url(std::string_view audience, std::string_view id) {
  return "/fiche/" + std::string(audience) + "/" + std::string(id);
}

std::string page(const Frame& frame, std::string_view title, const Html& main) {
  return document(
             h("html", {lang("fr")},
               h("head", h("meta", {attr("charset", "utf-8")}),
                 h("meta",
                   {name("viewport"), attr("content", "width=device-width, initial-scale=1")}),
                 h("title", title, " – ", frame.town),
                 h("link", {attr("rel", "stylesheet"), href(frame.stylesheet)})),
               h("body", h("a", {cls("skip"), href("#contenu")}, "Aller au contenu"),
                 h("header", {cls("top")},
                   h("div", {cls("wrap")}, h("a", {cls("plaque"), href("/")}, frame.town),
                     h("nav", {attr("aria-label", "Principale")},
                       h("a", {href("#personne")}, "Parler à une personne")))),
                 h("main", {id("contenu"), attr("tabindex", "-1"), cls("wrap")}, main, person()),
                 h("footer", {cls("foot")},
                   h("div", {cls("wrap")},
                     h("p", h("strong", "Danger immédiat\u202f?"), " Appelez le ",
                       h("a", {href("tel:112")}, "112"), ". Par SMS ou visio\u00a0: le ",
                       h("a", {href("tel:114")}, "114"), "."),
                     h("p", {cls("soft")},
                       "Les fiches nationales datent de novembre 2020. Des règles "
                       "ont pu changer depuis."))))))
      .str();
}

Html home() {
  return fragment(h("h1", "Bonjour. Que pouvons-nous faire pour vous\u202f?"),
                  question_form("Votre question", ""));
}

Html answered(const answer::Question& question, const answer::Answer& answer) {
  using answer::Status;
  const bool urgent = answer.status == Status::emergency;
  const bool page_known = (answer.status == Status::answer || answer.status == Status::partial ||
                           answer.status == Status::clarify) &&
                          !answer.citations.empty();
  std::size_t number = 0;
  return fragment(
      h("p", {cls("asked")}, "Vous demandez\u00a0: ", h("q", question.text)),
      h("h1", urgent       ? std::string("Appelez maintenant")
              : page_known ? answer.citations[0].title
                           : std::string("Votre question")),
      h("div", {cls("lead")}, lines(answer.text)),
      when(answer.contact.has_value(),
           [&] {
             return h("ul", {cls("choices")},
                      each(answer.contact->phones, [](const answer::PhoneNumber& phone) {
                        return h("li", h("a", {cls("choice"), href("tel:" + phone.number)},
                                         phone.number, "\u00a0: ", phone.label));
                      }));
           }),
      h("p", {cls("soft")}, "Réponse automatique."), choices(question, answer),
      each(answer.more,
           [](const answer::Part& part) {
             return h("section", h("h2", part.title), lines(part.text),
                      h("p", {cls("soft")},
                        h("a", {href("#s" + std::to_string(part.citation + 1))}, "Source ",
                          part.citation + 1)));
           }),
      when(page_known,
           [&] {
             return h("section", {attr("aria-labelledby", "sources")},
                      h("h2", {id("sources")}, "D’où vient cette réponse"),
                      h("ol", {cls("sources")},
                        each(answer.citations, [&](const answer::Citation& citation) {
                          return source(citation, ++number);
                        })));
           }),
      when(!answer.notices.empty(),
           [&] {
             return h("div", {cls("notice")}, each(answer.notices, [](const std::string& notice) {
                        return h("p", notice);
                      }));
           }),
      h("section", h("h2", "Et maintenant\u202f?"), question_form("Une autre question", "")));
}

Html refused(int status, std::string_view detail) {
  return fragment(
      h("h1", status == 404 ? "Cette page n’existe pas" : "Cela n’a pas marché"),
      h("p", status == 404 ? std::string_view("L’adresse est peut-être mal écrite.") : detail),
      h("p", h("a", {href("/")}, "Revenir à l’accueil")));
}

}  // namespace parvis::portal
