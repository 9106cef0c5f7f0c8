#include "portal/pages.hpp"

#include <algorithm>

#include "base/time.hpp"

namespace parvis::portal {

using namespace html;

namespace {

Html question_form(const Frame& frame, std::string_view label) {
  return h(
      "form", {cls("ask"), action(frame.base + "question"), attr("method", "post")},
      h("label", {attr("for", "q")}, label),
      h("div", {cls("line")},
        h("input", {id("q"), name("q"), type("text"), attr("autocomplete", "off"),
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
Html choices(const Frame& frame, const answer::Question& question, const answer::Answer& answer) {
  if (answer.choices.empty()) return {};
  return h("form", {action(frame.base + "question"), attr("method", "post")},
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

Html phone_links(const std::vector<answer::PhoneNumber>& phones) {
  return each(phones, [](const answer::PhoneNumber& phone) {
    std::string digits;
    for (const char c : phone.number)
      if ((c >= '0' && c <= '9') || c == '+') digits.push_back(c);
    return h("li", h("a", {cls("choice"), href("tel:" + digits)}, phone.number,
                     phone.label.empty() ? "" : "\u00a0: " + phone.label));
  });
}

Html person(const Frame& frame) {
  return h("section", {cls("person"), id("personne"), attr("aria-labelledby", "personne-titre")},
           h("h2", {id("personne-titre")}, "Parler à une personne"),
           when(!frame.phones.empty(),
                [&] { return h("ul", {cls("choices")}, phone_links(frame.phones)); }),
           h("p", when(!frame.phones.empty(), "Ou appelez le "),
             when(frame.phones.empty(), "Appelez le "), h("a", {href("tel:3939")}, "39 39"),
             " (Allô service public), ou allez à votre mairie."));
}

// Hours and notes come as lines.
Html paragraphs(std::string_view text, std::string_view style) {
  Html out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += h("p", {cls(style)}, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Html service_card(const answer::Contact& contact) {
  return fragment(
      h("h2", contact.name),
      h("p", {cls(contact.open == true ? "lamp" : "lamp off")}, contact.open_words),
      h("p", contact.address),
      when(!contact.phones.empty(),
           [&] { return h("ul", {cls("choices")}, phone_links(contact.phones)); }),
      when(!contact.email.empty(),
           [&] { return h("p", h("a", {href("mailto:" + contact.email)}, contact.email)); }),
      when(!contact.url.empty(), [&] { return h("p", h("a", {href(contact.url)}, contact.url)); }),
      when(!contact.hours.empty(),
           [&] {
             return h("details", h("summary", "Tous les horaires"),
                      paragraphs(contact.hours, "hours"));
           }),
      paragraphs(contact.note, "soft"));
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
                   h("div", {cls("wrap")}, h("a", {cls("plaque"), href(frame.base)}, frame.town),
                     when(!frame.commune.empty(),
                          [&] {
                            return h("p", "Ma commune\u00a0: ",
                                     h("a", {href("/#communes")}, frame.commune));
                          }),
                     h("nav", {attr("aria-label", "Principale")},
                       h("a", {href(frame.base + "services")}, "Services et horaires"), " ",
                       h("a", {href("#personne")}, "Parler à une personne")))),
                 h("main", {id("contenu"), attr("tabindex", "-1"), cls("wrap")}, main,
                   person(frame)),
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

Html home(const Frame& frame, const std::vector<Place>& places,
          const std::optional<answer::Contact>& town_hall) {
  return fragment(h("h1", "Bonjour. Que pouvons-nous faire pour vous\u202f?"),
                  question_form(frame, "Votre question"),
                  when(town_hall.has_value(),
                       [&] {
                         return h("section", {cls("mat")}, h("h2", town_hall->name),
                                  h("p", {cls(town_hall->open == true ? "lamp" : "lamp off")},
                                    town_hall->open_words),
                                  h("p", {cls("soft")}, town_hall->address));
                       }),
                  when(!places.empty(), [&] {
                    return h("section", {id("communes"), attr("aria-labelledby", "communes-titre")},
                             h("h2", {id("communes-titre")}, "Ma commune"),
                             h("ul", {cls("choices")}, each(places, [](const Place& place) {
                                 return h("li",
                                          h("a", {cls("choice"), href(place.url)}, place.name));
                               })));
                  }));
}

Html services(const std::vector<answer::Contact>& all) {
  return fragment(h("h1", "Services et horaires"), each(all, [](const answer::Contact& contact) {
                    return h("section", {cls("mat")}, service_card(contact));
                  }));
}

Html answered(const Frame& frame, const answer::Question& question, const answer::Answer& answer) {
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
             return urgent ? h("ul", {cls("choices")}, phone_links(answer.contact->phones))
                           : h("section", {cls("mat")}, service_card(*answer.contact));
           }),
      h("p", {cls("soft")}, "Réponse automatique."), choices(frame, question, answer),
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
      h("section", h("h2", "Et maintenant\u202f?"), question_form(frame, "Une autre question")));
}

Html refused(int status, std::string_view detail) {
  return fragment(
      h("h1", status == 404 ? "Cette page n’existe pas" : "Cela n’a pas marché"),
      h("p", status == 404 ? std::string_view("L’adresse est peut-être mal écrite.") : detail),
      h("p", h("a", {href("/")}, "Revenir à l’accueil")));
}

}  // namespace parvis::portal
