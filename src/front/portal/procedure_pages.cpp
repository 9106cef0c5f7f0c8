#include "portal/procedure_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "portal/icons.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using procedure::Definition;
using procedure::Document;
using procedure::Field;
using procedure::Page;
using procedure::ShownPage;
using procedure::Silence;
using procedure::Source;

constexpr std::string_view kMailSubject = "Ma%20demande%20en%20ligne";

Html pair(std::string_view name, const Html& value) {
  return h("div", h("dt", name), h("dd", value));
}

std::string silence_words(const procedure::Clock& clock) {
  switch (clock.silence) {
    case Silence::none:
      return "Cette démarche n’appelle pas de décision. Si rien ne vient, appelez le service.";
    case Silence::accepts:
      return "Votre demande est acceptée. Vous pouvez alors demander une attestation.";
    case Silence::refuses:
      return "Votre demande est refusée. Vous pouvez alors demander pourquoi, puis contester.";
  }
  return {};
}

Html facts(const Opening& opening) {
  const Definition& definition = opening.definition;
  return h("dl", {cls("pairs")},
           when(!definition.cost.empty(), [&] { return pair("Prix", definition.cost); }),
           pair("Délai", fragment(h("strong", procedure::words(definition.clock.delay)), " au plus",
                                  definition.clock.from_complete
                                      ? ", une fois que tous vos documents sont reçus."
                                      : ", à partir du jour de réception.")),
           pair("Sans réponse à cette date", silence_words(definition.clock)),
           when(opening.office.has_value(), [&] {
             const answer::Contact& office = *opening.office;
             return pair("Service en charge",
                         fragment(h("strong", office.name), ". ", office.open_words, "."));
           }));
}

Html who(const Definition& definition) {
  if (definition.who.empty()) return {};
  return h("section", {cls("rung"), attr("aria-labelledby", "pour-qui")},
           h("h2", {id("pour-qui")}, "Pour qui"),
           h("div", {cls("flow")}, h("p", "Dans ces cas, la démarche n’est pas pour vous\u00a0:"),
             h("ul", each(definition.who, [&](const procedure::Check& check) {
                 return h("li", procedure::filled_in(definition, check.message, {}));
               }))));
}

Html document_line(const Document& document) {
  return h(
      "li",
      h("div",
        h("p", document.label, document.optional ? " (facultatif)" : "",
          when(!document.when_words.empty(), [&] { return fragment(", ", document.when_words); })),
        when(!document.help.empty(), [&] { return h("small", document.help); })));
}

Html documents(const Definition& definition) {
  if (definition.documents.empty()) return {};
  std::vector<const Document*> asked, held, fetched;
  for (const Document& document : definition.documents)
    (document.source == Source::citizen ? asked
     : document.source == Source::held  ? held
                                        : fetched)
        .push_back(&document);
  const auto list = [](std::string_view style, const std::vector<const Document*>& all) {
    return h("ul", {cls(style)},
             each(all, [](const Document* document) { return document_line(*document); }));
  };
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "documents")},
      h("h2", {id("documents")}, "Documents"),
      h("div", {cls("flow")},
        when(!asked.empty(), [&] { return fragment(h("h3", "À donner"), list("docs", asked)); }),
        when(asked.empty(), [] { return h("p", "Vous n’avez aucun document à donner."); }),
        when(!held.empty(),
             [&] {
               return fragment(h("h3", "Vous n’avez pas à les donner"),
                               h("p", {cls("soft")}, "La mairie les a déjà, ou les demande."),
                               list("docs docs--held", held));
             }),
        when(!fetched.empty(), [&] {
          return fragment(
              h("h3", "La mairie les demande pour vous"),
              h("p", {cls("soft")},
                "À une autre administration. Vous pouvez voir et corriger ces données."),
              list("docs docs--held", fetched));
        })));
}

// Never retyped: the words are the sheet's, with where they stand.
Html quoted(const Frame& frame, const Opening& opening) {
  if (opening.quotes.empty()) return {};
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "fiches")},
      h("h2", {id("fiches")}, "Ce que disent les fiches officielles"),
      h("div", {cls("flow flow--wide")}, each(opening.quotes, [&](const answer::Quote& quote) {
          const answer::Citation& from = quote.citation;
          const auto date = parse_iso_date(from.updated);
          return h(
              "div", {cls("matter")}, h("h3", answer::title_of(quote)), lines(quote.text, {}),
              h("p", {cls("small soft")}, "Source\u00a0: ",
                h("a", {cls("link"), href(sheet_url(frame, from.audience, from.id))}, from.title),
                from.section.empty() ? "" : ", «\u00a0" + from.section + "\u00a0»",
                date ? ", " + format_french_date(*date) : std::string(), ".",
                when(!from.url.empty(), [&] {
                  return fragment(
                      " ", h("a", {cls("away"), href(from.url)}, "La page officielle d’aujourd’hui",
                             h("span", {cls("vh")}, "\u00a0: ", from.title)));
                })));
        })));
}

Html about(const Opening& opening) {
  if (opening.sheets.empty()) return {};
  return h("section", {cls("rung"), attr("aria-labelledby", "savoir")},
           h("h2", {id("savoir")}, "En savoir plus"),
           h("ul", {cls("links")}, each(opening.sheets, [](const Opening::Sheet& sheet) {
               return h("li", h("a", {cls("link"), href(sheet.url)}, sheet.title));
             })));
}

Html begin_form(const Frame& frame, const Opening& opening, std::string_view words) {
  return h(
      "form",
      {action(procedures_url(frame, opening.definition.id, "/commencer")), attr("method", "post")},
      hidden("_start", opening.start), h("button", {cls("btn btn--big")}, words));
}

Html online(const Frame& frame, const Opening& opening) {
  const Definition& definition = opening.definition;
  Html act;
  if (opening.choose_commune) {
    act = fragment(
        h("p", "Le service change d’une commune à l’autre. Choisissez la vôtre."),
        h("ul", {cls("choices")}, each(frame.communes, [&](const tenancy::Commune& commune) {
            if (!definition.serves(commune.insee)) return Html();
            return h("li", h("a",
                             {cls("choice"), href("/" + commune.slug + "/demarches/" +
                                                  definition.id + "#en-ligne")},
                             commune.name));
          })));
  } else if (opening.draft == Opening::Draft::open) {
    act = fragment(
        h("p", "Vous avez commencé cette demande sur cet appareil."),
        h("div", {cls("row")},
          h("a", {cls("btn btn--big"), href(procedures_url(frame, definition.id, "/suite"))},
            "Reprendre ma demande"),
          h("a", {cls("link"), href(procedures_url(frame, definition.id, "/effacer"))},
            "L’effacer")));
  } else {
    act = fragment(
        when(opening.draft == Opening::Draft::deposited,
             [&] {
               return h("p", "Votre demande d’avant est déposée. ",
                        h("a", {cls("link"), href(procedures_url(frame, definition.id, "/suite"))},
                          "La suivre"));
             }),
        begin_form(
            frame, opening,
            opening.draft == Opening::Draft::none ? "Commencer" : "Commencer une autre demande"));
  }
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "en-ligne")},
      h("h2", {id("en-ligne")}, "En ligne"),
      h("div", {cls("flow")}, h("p", "Une question par page. Vous relisez tout avant d’envoyer."),
        act, when(!opening.choose_commune, [&] {
          return h(
              "p", {cls("soft")}, "Vos réponses sont gardées à chaque page, ",
              procedure::words(definition.retention.drafts),
              ". Un cookie les retrouve sur cet appareil pendant un jour. Il n’est posé que si "
              "vous commencez.");
        })));
}

// The first number large: it is the one to try.
Html phones_of(const answer::Contact& contact) {
  return each(contact.phones, [&](const answer::PhoneNumber& phone) {
    std::string digits;
    for (const char c : phone.number)
      if ((c >= '0' && c <= '9') || c == '+') digits.push_back(c);
    const bool first = &phone == &contact.phones.front();
    return fragment(h("p", {cls(first ? "big" : "call")},
                      h("a", {cls("num"), href("tel:" + digits)}, phone.number)),
                    when(!phone.label.empty(), [&] { return h("p", {cls("soft")}, phone.label); }));
  });
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
        c == '.' || c == '_' || c == '~')
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

Html back_link(const std::string& to, std::string_view words) {
  return h("a", {cls("link"), href(to)}, icon(Icon::back), words);
}
std::string procedures_url(const Frame& frame, std::string_view id, std::string_view rest) {
  std::string out = frame.base + "demarches";
  if (!id.empty()) out.append("/").append(id);
  return out.append(rest);
}

std::string question_url(const Frame& frame, const Definition& definition, std::string_view page) {
  return procedures_url(frame, definition.id, "/question/").append(page);
}

Html error_summary(const std::vector<std::pair<std::string, std::string>>& links) {
  const std::size_t count = links.size();
  return h(
      "div",
      {cls("summary flow"), id("erreurs"), attr("role", "alert"), attr("tabindex", "-1"),
       flag("autofocus"), attr("aria-labelledby", "erreurs-titre")},
      h("h2", {id("erreurs-titre")},
        count == 1 ? "Un point est à corriger" : std::to_string(count) + " points sont à corriger"),
      h("ul", {cls("links")}, each(links, [](const auto& link) {
          return h("li", link.first.empty() ? Html(link.second)
                                            : h("a", {href(link.first)}, link.second));
        })));
}

Html ways_without(const Frame& frame, const Definition& definition,
                  const std::optional<answer::Contact>& office) {
  const std::optional<answer::Contact>& contact = office ? office : frame.desk;
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "sans-internet")},
      h("div", {cls("flow")}, h("h2", {id("sans-internet")}, "Sans internet"),
        h("p", {cls("soft")}, "Le délai et la réponse sont les mêmes.")),
      h("div", {cls("flow flow--wide")},
        when(contact.has_value(),
             [&] {
               const bool reached = !contact->phones.empty();
               return h(
                   "ul", {cls("ways")},
                   when(reached,
                        [&] {
                          return h("li", h("h3", "Par téléphone"), phones_of(*contact),
                                   h("p", {cls(contact->open == true ? "lamp" : "lamp lamp--off")},
                                     contact->open_words));
                        }),
                   when(!contact->address.empty(), [&] {
                     return fragment(
                         h("li", h("h3", "Au guichet"), h("p", contact->name),
                           h("p", contact->address),
                           when(!contact->hours.empty(),
                                [&] {
                                  Html hours;
                                  std::string_view rest = contact->hours;
                                  while (!rest.empty()) {
                                    const std::size_t end = std::min(rest.find('\n'), rest.size());
                                    hours += h("p", rest.substr(0, end));
                                    rest.remove_prefix(std::min(end + 1, rest.size()));
                                  }
                                  return h("details", h("summary", "Tous les horaires"),
                                           h("div", {cls("matter")}, hours));
                                })),
                         h("li", h("h3", "Par courrier"), h("p", contact->name),
                           h("p", contact->address),
                           h("p",
                             h("a",
                               {cls("link"), href(procedures_url(frame, definition.id, "/papier"))},
                               icon(Icon::print), "Formulaire à imprimer"))));
                   }));
             }),
        h("ul", each(definition.other_ways, [](const std::string& way) { return h("li", way); }))));
}

Html procedure_list(const Frame& frame, const Definitions& offered) {
  std::vector<std::string> order;
  std::map<std::string, Definitions> by_theme;
  for (const auto& definition : offered) {
    const std::string theme = definition->theme.empty() ? "Autres démarches" : definition->theme;
    if (!by_theme.contains(theme)) order.push_back(theme);
    by_theme[theme].push_back(definition);
  }
  std::ranges::sort(order, {}, [](const std::string& theme) { return text::fold(theme); });
  std::size_t number = 0;
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Démarches"),
        h("p", {cls("lead")},
          offered.empty() ? "Aucune démarche n’est encore proposée ici. Appelez votre mairie."
                          : "Chacune se fait en ligne, au guichet, par téléphone ou par courrier."),
        h("p", h("a", {cls("link"), href(frame.base + "dossiers")}, "Suivre un dossier déposé"))),
      each(order, [&](const std::string& theme) {
        const std::string anchor = "theme-" + std::to_string(++number);
        return h(
            "section", {cls("rung"), attr("aria-labelledby", anchor)}, h("h2", {id(anchor)}, theme),
            h("ul", {cls("doors doors--one")}, each(by_theme[theme], [&](const auto& each) {
                return h("li", h("a", {href(procedures_url(frame, each->id))}, icon(Icon::sheet),
                                 h("span", h("strong", each->title), h("span", each->summary)),
                                 icon(Icon::arrow)));
              })));
      }));
}

Html opening(const Frame& frame, const Opening& opening) {
  const Definition& definition = opening.definition;
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, back_link(procedures_url(frame), "Toutes les démarches"),
        when(opening.confirm,
             [] {
               return h("div", {cls("notice"), attr("role", "alert")},
                        h("p", h("strong", "Appuyez encore une fois sur «\u00a0Commencer\u00a0».")),
                        h("p",
                          "Votre navigateur ne dit pas d’où vient la demande. Rien n’est "
                          "encore commencé. ",
                          h("a", {href("#en-ligne")}, "Aller au bouton")));
             }),
        h("h1", definition.title), h("p", {cls("lead")}, definition.summary), facts(opening),
        h("ul", {cls("tries")}, h("li", h("a", {href("#sans-internet")}, "Faire sans internet")),
          h("li", h("a", {href("#en-ligne")}, "Faire en ligne")))),
      ways_without(frame, definition, opening.office), who(definition), documents(definition),
      quoted(frame, opening), online(frame, opening), about(opening));
}

Html barred(const Frame& frame, const Checking& checking) {
  const Definition& definition = checking.definition;
  std::string back = procedures_url(frame, definition.id, "/suite");
  if (checking.form.barred) {
    const std::string_view path = checking.form.barred->path;
    const std::string_view first = path.substr(0, path.find_first_of(".["));
    for (const ShownPage& page : checking.form.pages)
      if (std::ranges::find(page.page->fields, first, &Field::id) != page.page->fields.end())
        back = question_url(frame, definition, page.page->id);
  }
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, back_link(back, "Changer ma réponse"),
             h("h1", "Cette démarche n’est pas pour vous"),
             h("p", {cls("lead")}, checking.form.barred ? checking.form.barred->message : ""),
             h("p",
               "Rien n’est envoyé. Si vous pensez que c’est une erreur, parlez-en à une "
               "personne."),
             h("p", h("a", {cls("link"), href(procedures_url(frame))}, "Toutes les démarches"))),
           ways_without(frame, definition, checking.office));
}

Html later(const Frame& frame, const Checking& checking, const std::string& link) {
  const Definition& definition = checking.definition;
  if (link.empty())
    return h("div", {cls("wrap")},
             h("div", {cls("page-head")},
               back_link(procedures_url(frame, definition.id, "/suite"), "Continuer maintenant"),
               h("h1", "Reprendre plus tard"),
               h("p", {cls("lead")}, "Les réponses sont gardées ",
                 procedure::words(definition.retention.drafts),
                 ". Vous retrouvez cette saisie au bureau, à la page Démarches."),
               h("p", h("a", {cls("btn"), href("/bureau/demarches")}, "Aller au bureau")),
               h("p", h("a", {cls("link"), href(procedures_url(frame, definition.id, "/effacer"))},
                        "Effacer ce brouillon pour toujours"))));
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        back_link(procedures_url(frame, definition.id, "/suite"), "Continuer maintenant"),
        h("h1", "Reprendre plus tard"),
        h("p", {cls("lead")}, "Vos réponses sont gardées. Elles vous attendent ",
          procedure::words(definition.retention.drafts), ".")),
      h("section", {cls("rung"), attr("aria-labelledby", "lien")},
        h("h2", {id("lien")}, "Votre lien personnel"),
        h("div", {cls("flow")},
          h("p", "Il ouvre cette demande sur tout appareil. Copiez-le, ou envoyez-le-vous."),
          h("p", {cls("secret")}, h("a", {href(link)}, link)),
          h("p", h("a",
                   {cls("btn btn--2"), href(std::string("mailto:?subject=")
                                                .append(kMailSubject)
                                                .append("&body=")
                                                .append(percent_encoded(link)))},
                   icon(Icon::letter), "L’envoyer avec ma messagerie")),
          h("p", {cls("notice")},
            h("strong", "Ne le donnez à personne\u00a0: qui a le lien lit vos réponses.")))),
      h("section", {cls("rung"), attr("aria-labelledby", "ici")},
        h("h2", {id("ici")}, "Sur cet appareil"),
        h("div", {cls("flow")},
          h("p", "Pendant un jour, revenez simplement à la page de la démarche."),
          h("p", "Ordinateur partagé\u202f? Gardez d’abord le lien, puis fermez la demande ici."),
          h("form",
            {action(procedures_url(frame, definition.id, "/fermer")), attr("method", "post")},
            hidden("_token", checking.token),
            h("button", {cls("btn btn--2")}, "Fermer sur cet appareil")),
          h("p", h("a", {cls("link"), href(procedures_url(frame, definition.id, "/effacer"))},
                   "Effacer ce brouillon pour toujours")))));
}

Html ask_erase_draft(const Frame& frame, const Checking& checking) {
  const std::string here = procedures_url(frame, checking.definition.id, "/effacer");
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Effacer ce brouillon\u202f?"),
             h("p", {cls("lead")}, "Vos réponses seront supprimées pour toujours."),
             h("p", checking.definition.title),
             h("form", {cls("row"), action(here), attr("method", "post")},
               hidden("_token", checking.token),
               h("a", {cls("btn"), href(procedures_url(frame, checking.definition.id, "/suite"))},
                 "Garder le brouillon"),
               h("button", {cls("btn btn--2")}, "Effacer"))));
}

Html open_passage(const Frame& frame, const std::string& to, const std::string& start,
                  bool confirm) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")},
             when(confirm,
                  [] {
                    return h("div", {cls("notice"), attr("role", "alert")},
                             h("p", h("strong", "Appuyez encore une fois sur le bouton.")),
                             h("p", "Votre navigateur ne dit pas d’où vient la demande."));
                  }),
             h("h1", "Continuer dans le formulaire"),
             h("p", {cls("lead")}, "Ce que vous avez dit dans la conversation y est déjà."),
             h("form", {action(to), attr("method", "post")}, hidden("_start", start),
               h("button", {cls("btn btn--big")}, "Ouvrir le formulaire")),
             h("p", "Vous n’avez rien commencé dans une conversation\u202f? N’ouvrez pas. ",
               h("a", {href(frame.base)}, "Revenir à l’accueil"))));
}

Html two_drafts(const Frame& frame, const Definition& definition, const std::string& to,
                const std::string& link) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Vous avez deux brouillons"),
        h("p", {cls("lead")}, definition.title),
        h("p",
          "Un est ouvert sur cet appareil. L’autre vient de la conversation. Rien n’est perdu."),
        h("div", {cls("row")},
          h("form", {action(to), attr("method", "post")}, hidden("_autre", "garder"),
            h("button", {cls("btn btn--big")}, "Continuer celui de la conversation")),
          h("a", {cls("btn btn--2"), href(procedures_url(frame, definition.id, "/suite"))},
            "Reprendre celui d’ici"))),
      h("section", {cls("rung"), attr("aria-labelledby", "lien")},
        h("h2", {id("lien")}, "Garder celui d’ici"),
        h("div", {cls("flow")},
          h("p", "Si vous continuez celui de la conversation, ce lien personnel ouvre l’autre."),
          h("p", {cls("secret")}, h("a", {href(link)}, link)),
          h("p", {cls("notice")},
            h("strong", "Ne le donnez à personne\u00a0: qui a le lien lit vos réponses.")))));
}

std::string told_title(Told what) {
  switch (what) {
    case Told::lost:
      return "Cette demande n’est pas ouverte ici";
    case Told::not_offered:
      return "Cette démarche n’est pas proposée ici";
    case Told::erased:
      return "Le brouillon est effacé";
    case Told::closed:
      return "C’est fermé sur cet appareil";
    case Told::passed:
      return "Ce passage ne marche plus";
    case Told::used:
      return "Ce lien ne marche plus";
  }
  return {};
}

Html told(const Frame& frame, Told what) {
  const auto link = [](const std::string& to, std::string_view words) {
    return h("li", h("a", {cls("link"), href(to)}, words));
  };
  Html advice, links;
  switch (what) {
    case Told::lost:
      advice = fragment(
          h("p", {cls("lead")}, "Rien n’est perdu\u00a0: ce qui est gardé l’est encore."),
          h("p",
            "Le temps est passé, le navigateur a oublié, ou le lien n’est pas le bon. Un brouillon "
            "s’ouvre avec son lien personnel, un dossier avec sa référence."));
      links = fragment(link(frame.base + "dossiers", "Suivre un dossier"),
                       link(procedures_url(frame), "Commencer une démarche"));
      break;
    case Told::not_offered:
      advice = fragment(h("p", {cls("lead")},
                          "Elle n’existe pas, n’existe plus, ou se fait dans une autre "
                          "commune."),
                        h("p", "Une demande déjà déposée suit son cours."));
      links = fragment(link(procedures_url(frame), "Toutes les démarches"),
                       link(frame.base + "dossiers", "Suivre un dossier"));
      break;
    case Told::erased:
      advice = h("p", {cls("lead"), attr("role", "status")}, "Vos réponses sont supprimées.");
      links = fragment(link(procedures_url(frame), "Toutes les démarches"),
                       link(frame.base, "Revenir à l’accueil"));
      break;
    case Told::passed:
      advice = fragment(
          h("p", {cls("lead")}, "Il sert une seule fois, pendant cinq minutes. Rien n’est perdu."),
          h("p",
            "Retournez à la conversation et appuyez de nouveau sur «\u00a0Continuer dans le "
            "formulaire\u00a0»."));
      links = fragment(link(conversation_url(frame), "Revenir à la conversation"),
                       link(procedures_url(frame), "Toutes les démarches"));
      break;
    case Told::used:
      advice = fragment(
          h("p", {cls("lead")}, "Il sert une seule fois, pendant dix minutes. Rien n’est perdu."),
          h("p", "Demandez-en un autre avec la référence de votre dossier."));
      links = fragment(link(frame.base + "dossiers", "Recevoir un autre lien"),
                       link(frame.base, "Revenir à l’accueil"));
      break;
    case Told::closed:
      advice =
          fragment(h("p", {cls("lead"), attr("role", "status")}, "Rien n’est perdu."),
                   h("p",
                     "Pour revenir à un brouillon, ouvrez votre lien personnel. Pour revenir à "
                     "un dossier, demandez un lien avec sa référence."));
      links = fragment(link(frame.base + "dossiers", "Recevoir un lien vers mon dossier"),
                       link(frame.base, "Revenir à l’accueil"));
      break;
  }
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", told_title(what)), advice,
             h("ul", {cls("links")}, links)));
}

Html deposited_already(const Frame& frame, const Definition& definition,
                       const std::string& receipt) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Cette demande est déjà déposée"),
             h("p", {cls("lead")},
               "Elle est au service\u00a0: vos réponses ne changent plus ici. Pour corriger, "
               "écrivez au service depuis votre dossier."),
             h("div", {cls("row")}, h("a", {cls("btn"), href(receipt)}, "Voir mon dossier"),
               h("a", {cls("link"), href(procedures_url(frame, definition.id) + "#en-ligne")},
                 "Commencer une autre demande"))));
}

}  // namespace parvis::portal
