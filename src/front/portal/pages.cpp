#include "portal/pages.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "portal/feedback_store.hpp"
#include "portal/icons.hpp"
#include "portal/portal.hpp"

namespace parvis::portal {

using namespace html;

namespace {

constexpr std::size_t kThemesOfHome = 6;
constexpr std::size_t kProceduresOfHome = 6;

Html hidden_all(std::string_view key, const std::vector<std::string>& values) {
  return each(values, [&](const std::string& each) { return hidden(key, each); });
}

// A question never stands in an address, so forms are posted. The error stands at the field.
struct QuestionForm {
  std::string_view style = "ask";
  std::string_view label;
  std::vector<std::string> earlier = {};  // of the conversation
  Asked asked = Asked::not_yet;
};
Html question_form(const Frame& frame, const QuestionForm& form) {
  const bool empty = form.asked == Asked::empty;
  return h(
      "form",
      {cls(form.style), action(frame.base + "question"), attr("method", "post"),
       attr("aria-label", "Poser une question")},
      hidden_all("after", form.earlier), h("label", {cls("label"), attr("for", "q")}, form.label),
      when(empty,
           [] {
             return h("p", {cls("err"), id("q-error")},
                      "Écrivez votre question, puis appuyez sur «\u00a0Demander\u00a0».");
           }),
      h("div", {cls("line")},
        h("input",
          {cls("in"), id("q"), name("q"), type("text"), attr("autocomplete", "off"),
           attr("maxlength", 2000), attr("aria-describedby", empty ? "q-error q-hint" : "q-hint"),
           attr_if(empty, "aria-invalid", "true")}),
        h("button", {cls("btn")}, "Demander")),
      h("p", {cls("hint"), id("q-hint")}, h("span", {cls("mark"), attr("aria-hidden", "true")}),
        " Un assistant automatique répond, avec ses sources. Écrivez comme vous parlez."));
}

Html error_summary() {
  return h("div", {cls("summary"), attr("role", "alert")}, h("h2", "Il manque votre question"),
           h("a", {href("#q")}, "Écrivez votre question"));
}

std::string lamp(const answer::Contact& contact) {
  return contact.open == true ? "lamp" : "lamp lamp--off";
}

// The first line of the hours is today's.
std::string_view today(const answer::Contact& contact) {
  return std::string_view(contact.hours).substr(0, contact.hours.find('\n'));
}

Html paragraphs(std::string_view text, std::string_view style) {
  Html out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += h("p", {cls(style)}, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Html mat(const Frame& frame, const answer::Contact& desk) {
  return h(
      "div", {cls("paved")},
      h("div", {cls("wrap")},
        h("section", {cls("mat"), attr("aria-labelledby", "mairie")},
          h("div", {cls("flow")}, h("h2", {id("mairie")}, desk.name, ", aujourd’hui ", frame.today),
            h("p", {cls(lamp(desk))}, desk.open_words),
            when(!desk.hours.empty(), [&] { return h("p", {cls("soft")}, today(desk)); })),
          h("p", h("a", {cls("link"), href(frame.base + "services")}, "Tous les horaires")))));
}

Html communes(const Frame& frame) {
  if (frame.communes.empty()) return {};
  return h("section", {cls("rung"), id("communes"), attr("aria-labelledby", "communes-titre")},
           h("div", {cls("flow")}, h("h2", {id("communes-titre")}, "Votre commune"),
             h("p", {cls("soft")}, "Les règles et les horaires changent d’une commune à l’autre.")),
           h("ul", {cls("choices")}, each(frame.communes, [&](const tenancy::Commune& commune) {
               const bool here = frame.commune != nullptr && frame.commune->insee == commune.insee;
               return h("li", h("a",
                                {cls("choice"), href("/" + commune.slug + "/"),
                                 attr_if(here, "aria-current", "true")},
                                when(here, [] { return icon(Icon::check); }), commune.name));
             })));
}

Html doors(const Frame& frame, std::span<const Theme> themes) {
  return h("ul", {cls("doors")}, each(themes, [&](const Theme& theme) {
             return h("li", h("a", {href(sheet_url(frame, "particuliers", theme.id))},
                              theme_icon(theme.id),
                              h("span", h("strong", theme.title),
                                h("span", theme.sheets, theme.sheets < 2 ? " fiche" : " fiches")),
                              icon(Icon::arrow)));
           }));
}

Html procedures(const Frame& frame, std::span<const Offered> offered) {
  return h("section", {cls("rung"), attr("aria-labelledby", "demarches")},
           h("div", {cls("flow")}, h("h2", {id("demarches")}, "Démarches"),
             h("p", {cls("soft")}, "En ligne, au guichet, par téléphone ou par courrier."),
             h("p", h("a", {cls("link"), href(frame.base + "demarches")}, "Toutes les démarches")),
             h("p", h("a", {cls("link"), href(frame.base + "dossiers")}, "Suivre un dossier"))),
           h("ul", {cls("doors")}, each(offered, [&](const Offered& one) {
               return h("li", h("a", {href(frame.base + "demarches/" + one.id)}, icon(Icon::sheet),
                                h("span", h("strong", one.title), h("span", one.summary)),
                                icon(Icon::arrow)));
             })));
}

Html ways(const answer::Contact& desk) {
  return h("section", {cls("rung"), attr("aria-labelledby", "voies")},
           h("div", {cls("flow")}, h("h2", {id("voies")}, "Sans internet"),
             h("p", {cls("soft")}, "Chaque démarche se fait aussi de ces façons.")),
           h("ul", {cls("ways")},
             when(!desk.phones.empty(),
                  [&] {
                    return h(
                        "li", h("h3", "Par téléphone"),
                        each(desk.phones,
                             [](const answer::PhoneNumber& phone) {
                               std::string digits;
                               for (const char c : phone.number)
                                 if ((c >= '0' && c <= '9') || c == '+') digits.push_back(c);
                               return fragment(
                                   h("p", {cls("big")},
                                     h("a", {cls("num"), href("tel:" + digits)}, phone.number)),
                                   when(!phone.label.empty(),
                                        [&] { return h("p", {cls("soft")}, phone.label); }));
                             }),
                        h("p", {cls(lamp(desk))}, desk.open_words));
                  }),
             when(!desk.address.empty(), [&] {
               return fragment(
                   h("li", h("h3", "Au guichet"), h("p", desk.name), h("p", desk.address)),
                   h("li", h("h3", "Par courrier"), h("p", desk.name), h("p", desk.address)));
             })));
}

// Choices are buttons of one form: the question stays out of addresses, and no script is needed.
Html choices(const Frame& frame, const answer::Question& question, const answer::Answer& answer) {
  if (answer.choices.empty()) return {};
  return h("section", {cls("rung"), attr("aria-labelledby", "situation")},
           h("div", {cls("flow")},
             h("h2", {id("situation")},
               answer.status == answer::Status::unknown ? "Fiches proches" : "Votre situation"),
             h("p", {cls("soft")},
               answer.status == answer::Status::unknown ? "L’une d’elles répond peut-être."
                                                        : "La réponse change selon votre choix.")),
           h("form", {action(frame.base + "question"), attr("method", "post")},
             h("input", {type("hidden"), name("q"), value(question.text)}),
             hidden_all("after", question.earlier), hidden_all("choice", question.chosen),
             h("ul", {cls("choices choices--list")},
               each(answer.choices, [](const answer::Choice& choice) {
                 return h("li", h("button", {cls("choice"), name("choice"), value(choice.value)},
                                  h("span", choice.label), icon(Icon::arrow)));
               }))));
}

// The way back from a choice.
Html other_situation(const Frame& frame, answer::Question question) {
  if (question.chosen.empty()) return {};
  question.chosen.pop_back();
  return h("form", {action(frame.base + "question"), attr("method", "post")},
           h("input", {type("hidden"), name("q"), value(question.text)}),
           hidden_all("after", question.earlier), hidden_all("choice", question.chosen),
           h("button", {cls("link")}, "Changer de situation"));
}

Html passage(const answer::Citation& citation, std::size_t number) {
  return h(
      "li", {id("s" + std::to_string(number))},
      h("span", {cls("n")}, h("span", {cls("vh")}, "Source "), number),
      h("details", h("summary", citation.section.empty() ? "Lire le passage" : citation.section),
        h("blockquote", lines(citation.passage, {}))));
}

// One entry a sheet, with the passages taken from it under their numbers.
Html sources(const Frame& frame, const answer::Answer& answer) {
  if (answer.citations.empty() && answer.notices.empty()) return {};
  std::vector<std::vector<std::size_t>> sheets;  // indexes of citations
  for (std::size_t i = 0; i < answer.citations.size(); ++i) {
    const auto same = std::ranges::find_if(sheets, [&](const auto& sheet) {
      const answer::Citation& first = answer.citations[sheet.front()];
      return first.id == answer.citations[i].id && first.audience == answer.citations[i].audience;
    });
    if (same == sheets.end())
      sheets.push_back({i});
    else
      same->push_back(i);
  }
  const auto entry = [&](const std::vector<std::size_t>& passages) {
    const answer::Citation& sheet = answer.citations[passages.front()];
    const auto date = parse_iso_date(sheet.updated);
    return h("li", h("h3", h("a", {href(sheet_url(frame, sheet.audience, sheet.id))}, sheet.title)),
             h("p", sheet.local ? "Règle locale" : "Règle nationale", ". ", sheet.origin,
               when(!sheet.local, [&] { return fragment(", fiche ", sheet.id); }), "."),
             h("p", {cls("soft")},
               date ? "Mise à jour le " + format_french_date(*date) + "." : std::string(),
               when(!sheet.url.empty(),
                    [&] {
                      return fragment(
                          " ", h("a", {href(sheet.url)}, "La page officielle d’aujourd’hui"));
                    })),
             h("ul", {cls("passages")},
               each(passages, [&](std::size_t i) { return passage(answer.citations[i], i + 1); })));
  };
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "sources")},
      h("h2", {id("sources")},
        answer.status == answer::Status::unknown ? "Les fiches proposées"
                                                 : "D’où vient cette réponse"),
      h("div", {cls("flow")},
        when(!answer.notices.empty(),
             [&] {
               return h("div", {cls("notice")}, each(answer.notices, [](const std::string& notice) {
                          return h("p", notice);
                        }));
             }),
        when(!sheets.empty(), [&] { return h("ul", {cls("sources")}, each(sheets, entry)); })));
}

// The same question opens a conversation, which remembers what is said.
Html go_on(const Frame& frame, const answer::Question& question, const First& first) {
  return h(
      "form",
      {cls("flow"), action(conversation_url(frame)), attr("method", "post"),
       attr("aria-label", "Poursuivre la conversation")},
      hidden("start", first.start), hidden("id", first.id), hidden("text", question.text),
      h("p", "Plusieurs questions à la suite\u202f? L’assistant se souvient de la conversation."),
      h("button", {cls("btn btn--2")}, "Poursuivre la conversation"));
}

}  // namespace

Html hidden(std::string_view key, std::string_view value) {
  return h("input", {type("hidden"), name(key), html::value(value)});
}

std::string conversation_url(const Frame& frame, std::string_view rest) {
  return (frame.base + "conversation").append(rest);
}

Html emergency(const answer::Contact& contact) {
  return h("ul", {cls("sos")}, each(contact.phones, [](const answer::PhoneNumber& phone) {
             std::string digits;
             for (const char c : phone.number)
               if (c >= '0' && c <= '9') digits.push_back(c);
             return h("li", h("a", {href("tel:" + digits)}, h("b", phone.number),
                              h("span", phone.label)));
           }));
}

Html print_button() {
  return h("button", {type("button"), cls("btn btn--2"), flag("data-print"), flag("hidden")},
           icon(Icon::print), "Imprimer");
}

Html phone_links(const std::vector<answer::PhoneNumber>& phones) {
  return each(phones, [](const answer::PhoneNumber& phone) {
    std::string digits;
    for (const char c : phone.number)
      if ((c >= '0' && c <= '9') || c == '+') digits.push_back(c);
    return h("li", h("a", {cls("btn btn--2"), href("tel:" + digits)}, icon(Icon::phone),
                     h("span", h("span", {cls("num")}, phone.number),
                       phone.label.empty() ? "" : "\u00a0: " + phone.label)));
  });
}

Html service_card(const answer::Contact& contact) {
  return h("div", {cls("flow")}, h("p", {cls(lamp(contact))}, contact.open_words),
           when(!contact.address.empty(), [&] { return h("p", contact.address); }),
           when(!contact.phones.empty(),
                [&] { return h("ul", {cls("row")}, phone_links(contact.phones)); }),
           when(!contact.email.empty(),
                [&] {
                  return h("p", "Courriel\u00a0: ",
                           h("a", {href("mailto:" + contact.email)}, contact.email));
                }),
           when(!contact.url.empty(),
                [&] { return h("p", "Site\u00a0: ", h("a", {href(contact.url)}, contact.url)); }),
           when(!contact.hours.empty(),
                [&] {
                  return h("details", h("summary", "Tous les horaires"),
                           h("div", {cls("matter")}, paragraphs(contact.hours, "hours")));
                }),
           paragraphs(contact.note, "soft"));
}

Html home(const Frame& frame, const std::vector<Theme>& themes, const std::vector<Offered>& offered,
          Asked asked) {
  const bool open = frame.desk && frame.desk->open == true;
  const std::span<const Theme> first(themes.data(), std::min(themes.size(), kThemesOfHome));
  return fragment(
      h("div", {cls("square")},
        h("div", {cls("wrap say")},
          h("div", {cls("flow")}, when(asked == Asked::empty, error_summary()),
            h("h1", "Bonjour. Que pouvons-nous faire pour vous\u202f?"),
            question_form(frame,
                          {.style = "ask ask--big", .label = "Votre question", .asked = asked}),
            h("p", "Plusieurs questions à la suite\u202f? ",
              h("a", {cls("link"), href(conversation_url(frame))}, "Ouvrir une conversation"))),
          facade(open ? Windows::lit : Windows::dark)),
        when(frame.desk.has_value(), [&] { return mat(frame, *frame.desk); })),
      h("div", {cls("wrap")}, communes(frame),
        when(!offered.empty(),
             [&] {
               return procedures(frame,
                                 {offered.data(), std::min(offered.size(), kProceduresOfHome)});
             }),
        when(!themes.empty(),
             [&] {
               return h(
                   "section", {cls("rung"), attr("aria-labelledby", "themes")},
                   h("div", {cls("flow")}, h("h2", {id("themes")}, "Par thème"),
                     h("p", {cls("soft")},
                       "Les fiches officielles de service-public.fr, de novembre 2020."),
                     h("p", h("a", {cls("link"), href(frame.base + "themes")}, "Tous les thèmes"))),
                   doors(frame, first));
             }),
        when(frame.desk.has_value(), [&] { return ways(*frame.desk); })));
}

Html themes(const Frame& frame, const std::vector<Theme>& all) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Tous les thèmes"),
             h("p", {cls("lead")},
               all.empty() ? "Aucune fiche officielle n’est encore importée."
                           : "Les fiches officielles de service-public.fr, de novembre "
                             "2020. Des règles ont pu changer depuis.")),
           when(!all.empty(), [&] { return doors(frame, all); }));
}

Html services(const std::vector<answer::Contact>& all) {
  std::size_t number = 0;
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Services et horaires"),
             when(all.empty(),
                  [] { return h("p", {cls("lead")}, "Aucun service n’est encore renseigné."); })),
           each(all, [&](const answer::Contact& contact) {
             const std::string anchor = "service-" + std::to_string(++number);
             return h("section", {cls("rung"), attr("aria-labelledby", anchor)},
                      h("h2", {id(anchor)}, contact.name), service_card(contact));
           }));
}

std::string answer_title(const answer::Answer& answer) {
  using answer::Status;
  const bool page_known = answer.status == Status::answer || answer.status == Status::partial ||
                          answer.status == Status::clarify;
  if (answer.status == Status::emergency) return "Appelez maintenant";
  if (page_known && !answer.citations.empty()) return answer.citations[0].title;
  if (answer.status == Status::unknown) return "Pas de réponse sûre";
  return answer.status == Status::contact ? "Qui contacter" : "Votre question";
}

Html answered(const Frame& frame, const answer::Question& question, const answer::Answer& answer,
              const First& first) {
  const bool urgent = answer.status == answer::Status::emergency;
  const bool proved = !answer.citations.empty() && answer.status != answer::Status::unknown;
  knowledge::DocumentKey about;
  if (!answer.citations.empty()) about = {answer.citations[0].audience, answer.citations[0].id};
  std::vector<std::string> conversation = question.earlier;
  conversation.push_back(question.text);
  if (conversation.size() > answer::kEarlierQuestions) conversation.erase(conversation.begin());
  std::size_t number = 0;
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")},
             h("p", {cls("asked")}, "Vous demandez\u00a0: ", h("q", question.text), " ",
               h("a", {cls("link"), href(frame.base)}, "Poser une autre question")),
             h("h1", answer_title(answer)),
             h("div", {cls("says")}, lines(answer.text, answer.citations)),
             when(urgent && answer.contact, [&] { return emergency(*answer.contact); }),
             h("p", {cls("small soft")}, h("span", {cls("mark"), attr("aria-hidden", "true")}),
               " Réponse automatique.", proved ? " Chaque fait porte le numéro de sa source." : ""),
             h("div", {cls("row")}, other_situation(frame, question), print_button())),
           choices(frame, question, answer),
           when(!urgent && answer.contact,
                [&] {
                  return h("section", {cls("rung"), attr("aria-labelledby", "contact")},
                           h("h2", {id("contact")}, answer.contact->name),
                           service_card(*answer.contact));
                }),
           each(answer.more,
                [&](const answer::Part& part) {
                  const std::string anchor = "partie-" + std::to_string(++number);
                  return h("section", {cls("rung"), attr("aria-labelledby", anchor)},
                           h("h2", {id(anchor)}, part.title),
                           h("div", {cls("matter")}, lines(part.text, answer.citations)));
                }),
           sources(frame, answer),
           h("section", {cls("rung"), attr("aria-labelledby", "suite")},
             h("h2", {id("suite")}, "Et maintenant\u202f?"),
             h("div", {cls("flow flow--wide")},
               question_form(frame, {.label = "Une autre question, sur ce sujet ou un autre",
                                     .earlier = conversation}),
               when(question.earlier.empty(), [&] { return go_on(frame, question, first); }),
               when(!urgent, [&] { return feedback(frame, about, ReasonGiven::not_yet); }))));
}

// Two forms, so that one press of a key says yes; no needs a reason, behind a disclosure.
Html feedback(const Judging& judging, ReasonGiven given) {
  const bool missing = given == ReasonGiven::missing;
  const Attr to = action(judging.to);
  return h(
      "section", {cls("feedback flow"), attr("aria-labelledby", "avis")},
      h("h2", {id("avis")}, "Cette réponse vous a-t-elle aidé\u202f?"),
      h("form", {to, attr("method", "post")}, judging.about,
        h("button", {cls("btn btn--2"), name("helped"), value("yes")}, "Oui")),
      h("details", {flag("open", missing)}, h("summary", {cls("btn btn--2")}, "Non"),
        h("form", {to, attr("method", "post")}, judging.about,
          h("input", {type("hidden"), name("helped"), value("no")}),
          h("fieldset",
            {cls("flow"), attr_if(missing, "aria-describedby", "reason-error"),
             attr_if(missing, "aria-invalid", "true")},
            h("legend", {cls("label")}, "Pourquoi\u202f?"),
            when(missing,
                 [] { return h("p", {cls("err"), id("reason-error")}, "Choisissez une raison."); }),
            h("div", {cls("choices")},
              each(kReasons,
                   [](const Reason& reason) {
                     if (reason.helped == Helped::yes) return Html();
                     return h("label", {cls("choice")},
                              h("input", {type("radio"), name("reason"), value(reason.name),
                                          id("reason-" + std::string(reason.name))}),
                              reason.words);
                   })),
            h("button", {cls("btn")}, "Envoyer mon avis")))),
      h("p", {cls("hint")}, judging.hint));
}

Html feedback(const Frame& frame, const knowledge::DocumentKey& about, ReasonGiven given) {
  return feedback({.to = frame.base + "avis",
                   .about = fragment(hidden("audience", about.audience), hidden("sheet", about.id)),
                   .hint = "Votre avis est compté, sans votre question ni votre nom."},
                  given);
}

Html thanks(const Frame& frame) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Merci, votre avis est compté"),
        h("p", {cls("lead"), attr("role", "status")}, "Il aide la mairie à corriger ses réponses."),
        question_form(frame, {.label = "Une autre question"}),
        h("p", h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil"))));
}

Html refused(const Frame& frame, int status) {
  const bool missing = status == 404;
  const std::string_view title = missing         ? "Cette page n’existe pas"
                                 : status == 403 ? "Ce message n’est pas accepté"
                                 : status == 413 ? "C’est trop long"
                                 : status == 429 ? "Trop de messages en ce moment"
                                 : status == 503 ? "Trop de demandes en ce moment"
                                 : status >= 500 ? "Cela n’a pas marché"
                                                 : "Nous n’avons pas compris cette demande";
  const std::string_view advice =
      missing
          ? "L’adresse est peut-être mal écrite, ou la page a été retirée. Posez votre question "
            "ici."
      : status == 413 ? "Votre question est trop longue. Écrivez-la en quelques phrases."
      : status == 403
          ? "Il ne vient pas de cette page. Rien n’est envoyé. Écrivez votre question ici."
      : status == 429 ? "Attendez une minute. Revenez à la page précédente, puis recommencez."
      : status == 503 ? "Rien n’est perdu. Attendez quelques secondes, puis recommencez."
      : status >= 500 ? "L’erreur vient de nous. Recommencez dans quelques minutes."
                      : "Revenez à l’accueil et posez de nouveau votre question.";
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", title), h("p", {cls("lead")}, advice),
             question_form(frame, {.label = "Votre question"}),
             h("p", h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil"))));
}

}  // namespace parvis::portal
