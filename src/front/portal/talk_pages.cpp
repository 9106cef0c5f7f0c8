#include "portal/talk_pages.hpp"

#include <algorithm>
#include <array>

#include "base/time.hpp"
#include "dialogue/asking.hpp"
#include "portal/fields.hpp"
#include "portal/icons.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using answer::Answer;
using answer::Status;

constexpr std::size_t kPartsShown = 4;  // the others wait behind one more disclosure
constexpr std::string_view kField = "message";
constexpr std::array<std::string_view, 3> kExamples = {
    "Les horaires de la mairie", "J’ai perdu ma carte d’identité", "Demander un acte de naissance"};

// Said at the top and at the field, in the same words.
struct Words {
  std::string_view title, advice;
};
Words words_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::none:
    case Trouble::lost:
      return {};
    case Trouble::empty:
      return {"Il manque votre message", "Écrivez votre question, puis appuyez sur Envoyer."};
    case Trouble::too_long:
      return {"Votre message est trop long", "Raccourcissez-le, ou envoyez-le en deux fois."};
    case Trouble::too_many:
      return {"Trop de messages en ce moment",
              "Votre texte est gardé. Attendez une minute, puis appuyez sur Envoyer."};
    case Trouble::full:
      return {"Cette conversation est très longue",
              "Votre texte est gardé. Effacez la conversation, puis commencez-en une autre."};
    case Trouble::sent:
      return {"Votre message précédent est déjà parti",
              "Voici le nouveau. Relisez-le, puis appuyez sur Envoyer."};
    case Trouble::confirm:
      return {"Relisez votre message",
              "Votre navigateur ne dit pas d’où il vient. Appuyez sur Envoyer s’il est de vous."};
  }
  return {};
}

// What each form carries: an id of its own, so that pressed twice it is one message.
Html keys(const Talking& talking) {
  return fragment(hidden("id", new_id()), talking.token.empty() ? hidden("start", talking.start)
                                                                : hidden("token", talking.token));
}

// A button of the form at the end of the page: what it says stands for what is written there.
Html saying(std::string_view style, std::string_view words, const Html& label) {
  return h("button", {cls(style), attr("form", kForm), name("say"), value(words)}, label);
}

bool judged(Status status) {
  switch (status) {
    case Status::answer:
    case Status::partial:
    case Status::procedure:
    case Status::contact:
    case Status::unknown:
    case Status::case_status:
    case Status::appointment:
      return true;
    default:
      return false;
  }
}

bool right_to_left(std::string_view language) {
  constexpr std::array<std::string_view, 7> kAll = {"ar", "fa", "he", "ps", "ur", "ckb", "yi"};
  return std::ranges::find(kAll, language.substr(0, language.find('-'))) != kAll.end();
}

// An answer to another language begins with a line in it; the rest is French.
Html said(const Answer& answer) {
  if (answer.language == "fr") return lines(answer.text, {});
  const std::string_view text = answer.text;
  const std::size_t end = std::min(text.find('\n'), text.size());
  return fragment(
      h("div", {lang(answer.language), attr("dir", right_to_left(answer.language) ? "rtl" : "ltr")},
        lines(text.substr(0, end), {})),
      lines(text.substr(std::min(end + 1, text.size())), {}));
}

Html part(const answer::Part& part) {
  return h("details", h("summary", part.title), h("div", {cls("matter")}, lines(part.text, {})));
}

Html parts(const std::vector<answer::Part>& all) {
  if (all.empty()) return {};
  const std::size_t shown = all.size() > kPartsShown + 1 ? kPartsShown : all.size();
  const std::span<const answer::Part> first(all.data(), shown),
      rest(all.data() + shown, all.size() - shown);
  return h("div", {cls("parts")}, each(first, part), when(!rest.empty(), [&] {
             return h("details", h("summary", "Tout lire (", rest.size(), " autres points)"),
                      h("div", {cls("parts parts--in")}, each(rest, part)));
           }));
}

// Each sheet once, with its date.
Html sources(const Frame& frame, const Answer& answer) {
  std::vector<const answer::Citation*> sheets;
  for (const answer::Citation& citation : answer.citations)
    if (std::ranges::none_of(sheets, [&](const answer::Citation* each) {
          return each->id == citation.id && each->audience == citation.audience;
        }))
      sheets.push_back(&citation);
  if (sheets.empty()) return {};
  const auto entry = [&](const answer::Citation* sheet) {
    const auto date = parse_iso_date(sheet->updated);
    return h("li",
             h("a", {href(sheet_url(frame, sheet->audience, sheet->id))}, sheet->title,
               date ? ", " + format_french_date(*date) : std::string()),
             when(!sheet->url.empty(), [&] {
               return fragment(
                   " ", h("a", {cls("away"), href(sheet->url)}, "La page officielle d’aujourd’hui",
                          h("span", {cls("vh")}, "\u00a0: ", sheet->title)));
             }));
  };
  return h("div", {cls("src")},
           h("p", {cls("small soft")},
             answer.status == Status::unknown ? "Fiches proches"
             : sheets.size() == 1             ? "Source"
                                              : "Sources"),
           h("ul", {cls("src-list")}, each(sheets, entry)));
}

// Each is a form: what is pressed goes with its label, and no script is needed.
Html choices(const Frame& frame, const Talking& talking, const Answer& answer) {
  if (answer.choices.empty()) return {};
  return h("ul", {cls("choices choices--list"), attr("aria-label", "Réponses possibles")},
           each(answer.choices, [&](const answer::Choice& choice) {
             return h("li",
                      h("form", {action(conversation_url(frame)), attr("method", "post")},
                        keys(talking), hidden("text", choice.label), hidden("choice", choice.value),
                        h("button", {cls("choice")}, h("span", choice.label), icon(Icon::arrow))));
           }));
}

// A document, given right here: the browser sends it as a form does.
Html document(const Frame& frame, const Talking& talking) {
  if (!talking.document) return {};
  const Document& asked = *talking.document;
  const procedure::Field& question = *asked.question;
  const std::string field = id_of(asked.path);
  Html errors;
  for (const std::string& fault : asked.faults)
    errors += h("span", h("span", {cls("vh")}, "Erreur\u00a0: "), fault);
  const bool wrong = !asked.faults.empty();
  FileControl control{.path = asked.path,
                      .id = field,
                      .files = question.files,
                      .pieces = {},
                      .described = wrong ? "document-erreur document-limites" : "document-limites",
                      .wrong = wrong,
                      .uploads_url = {}};
  for (const casework::Piece& piece : asked.pieces) control.pieces.push_back(&piece);
  return h("form",
           {cls("card flow"), id(kDocument), attr("tabindex", "-1"),
            action(conversation_url(frame, "/document")), attr("method", "post"),
            attr("enctype", "multipart/form-data"), attr("aria-label", "Donner un document")},
           hidden("token", talking.token), hidden("demarche", asked.definition->id),
           hidden("numero", std::to_string(asked.number)), hidden("question", asked.path),
           h("label", {cls("label"), attr("for", field)}, "Joindre\u00a0: ", question.name),
           h("p", {cls("hint"), id("document-limites")}, files_limits(question.files)),
           when(wrong, [&] { return h("p", {cls("err"), id("document-erreur")}, errors); }),
           file_control(control));
}

// The démarche that the turn is about: in its form at the same step while it is filled in here,
// else its page.
Html procedure(const Frame& frame, const Talking& talking, const Answer& answer) {
  if (answer.procedure.empty()) return {};
  const auto step = string_at(answer.procedure, "step").value_or("");
  if (!step.empty())
    return h("form",
             {cls("row"), action(conversation_url(frame, "/formulaire")), attr("method", "post")},
             hidden("token", talking.token),
             h("button", {cls("btn btn--2")}, "Continuer dans le formulaire"));
  const auto url = string_at(answer.procedure, "url").value_or("");
  if (!url.starts_with('/')) return {};
  return h("p", h("a", {cls("link"), href(std::string(url))},
                  "Voir la démarche\u00a0: ", string_at(answer.procedure, "title").value_or("")));
}

// The page of free slots, and the waiting list when nothing suits.
Html appointment(const Answer& answer) {
  const auto to = [&](std::string_view key, std::string_view words) -> Html {
    const auto url = string_at(answer.appointment, key).value_or("");
    if (!url.starts_with('/')) return {};
    return h("p", h("a", {cls("link"), href(std::string(url))}, words));
  };
  return fragment(to("page", "Voir tous les horaires"),
                  to("waiting", "S’inscrire sur la liste d’attente"),
                  to("list", "Votre page de la liste d’attente"));
}

Html contact(const answer::Contact& contact) {
  return h("div", {cls("card")}, h("h3", contact.name), service_card(contact));
}

std::string_view words_of(conversation::Verdict verdict) {
  for (const conversation::VerdictName& each : conversation::kVerdicts)
    if (each.verdict == verdict) return each.words;
  return {};
}

Html verdict(const Turn& turn) {
  if (!turn.verdict) return {};
  return h("p", {cls("small soft"), id(verdict_anchor_of(turn.seq)), attr("tabindex", "-1")},
           "Merci. Votre avis est noté\u00a0: ", words_of(*turn.verdict), ".");
}

Html mine(const Turn& turn) {
  return h("li", {cls("turn turn--me")},
           h("h2", {cls("who"), id(anchor_of(turn.seq))}, "Vous ", h("span", turn.when)),
           h("p", {attr("dir", "auto")}, turn.text));
}

Html machine(std::string_view style, const Turn& turn, const Html& says) {
  return h("li", {cls(style)},
           h("h2", {cls("who"), id(anchor_of(turn.seq)), attr("tabindex", "-1")},
             h("span", {cls("mark"), attr("aria-hidden", "true")}), "Assistant automatique ",
             h("span", turn.when)),
           says, verdict(turn));
}

Html reply(const Frame& frame, const Talking& talking, const Turn& turn, bool last) {
  const Answer& answer = turn.answer;
  const bool danger = answer.status == Status::emergency;
  const Html notices = when(!answer.notices.empty(), [&] {
    return h("div", {cls("notice")},
             each(answer.notices, [](const std::string& notice) { return h("p", notice); }));
  });
  if (danger)
    return machine(
        "turn turn--bot turn--stop", turn,
        fragment(when(answer.contact.has_value(), [&] { return emergency(*answer.contact); }),
                 h("div", {cls("says")}, said(answer)),
                 h("p", "Je suis une machine. Je ne peux pas prévenir les secours."), notices,
                 sources(frame, answer),
                 when(last, [&] { return choices(frame, talking, answer); })));
  return machine(
      "turn turn--bot", turn,
      fragment(h("div", {cls("says")}, said(answer)),
               when(answer.contact.has_value(), [&] { return contact(*answer.contact); }),
               sources(frame, answer), when(last, [&] { return document(frame, talking); }),
               when(last, [&] { return choices(frame, talking, answer); }),
               when(last, [&] { return procedure(frame, talking, answer); }),
               when(last, [&] { return appointment(answer); }), parts(answer.more), notices));
}

Html welcome(const Talking& talking) {
  return h("li", {cls("turn turn--bot")},
           h("h2", {cls("who")}, h("span", {cls("mark"), attr("aria-hidden", "true")}),
             "Assistant automatique"),
           h("div", {cls("says")}, lines(talking.welcome, {})),
           h("p",
             "Je réponds avec les textes de la mairie et de service-public.fr. Je peux me "
             "tromper\u00a0: mes sources sont affichées."),
           h("ul", {cls("choices choices--list"), attr("aria-label", "Exemples de questions")},
             each(kExamples, [](std::string_view example) {
               return h("li",
                        saying("choice", example, fragment(h("span", example), icon(Icon::arrow))));
             })));
}

Html composer(const Frame& frame, const Talking& talking) {
  const Words wrong = words_of(talking.trouble);
  const bool bad = at_field(talking.trouble);
  return h("form",
           {cls("ask write"), id(kForm), action(conversation_url(frame)), attr("method", "post"),
            attr("aria-label", "Écrire un message"), attr("autocomplete", "off")},
           keys(talking),
           h("label", {cls("label"), attr("for", kField)},
             talking.turns.empty() ? "Votre question" : "Votre message"),
           when(bad, [&] { return h("p", {cls("err"), id("message-error")}, wrong.advice); }),
           h("textarea",
             {cls("in"), id(kField), name("text"), attr("rows", 3),
              attr("aria-describedby", bad ? "message-error message-hint" : "message-hint"),
              attr_if(bad, "aria-invalid", "true")},
             talking.kept),
           h("div", {cls("row")}, h("button", {cls("btn")}, "Envoyer"),
             saying("btn btn--2", kSpeakToSomebody,
                    fragment(icon(Icon::person), h("span", "Parler à quelqu’un")))),
           h("p", {cls("hint"), id("message-hint")},
             "Ne donnez pas de numéro de carte ni de sécurité sociale."));
}

Html tools(const Frame& frame, const Talking& talking) {
  return h(
      "section", {cls("tools flow"), attr("aria-labelledby", "garder")},
      h("h2", {id("garder")}, "Garder ou effacer"),
      h("ul", {cls("links")},
        each(talking.formats,
             [&](const api::Format& format) {
               return h("li",
                        h("a",
                          {cls("link"),
                           href(conversation_url(frame, "/telecharger/").append(format.extension))},
                          "Télécharger ", format.words));
             }),
        h("li", h("a", {cls("link"), href(conversation_url(frame, "/effacer"))},
                  "Effacer la conversation"))),
      print_button(),
      h("p", {cls("soft small")},
        "Pour l’imprimer, utilisez le menu de votre navigateur. Elle reste ouverte ici un jour "
        "après votre dernier message. Sur un ordinateur partagé, effacez-la avant de partir."));
}

// Back from the form: what was filled in there is here, and the next turn goes on with it.
Html from_form(const Frame& frame, const Talking& talking) {
  if (!talking.from_form || talking.turns.empty()) return {};
  return h("section",
           {cls("notice"), id("reprendre"), attr("tabindex", "-1"),
            attr("aria-labelledby", "reprendre-titre")},
           h("h2", {id("reprendre-titre")}, "Vos réponses du formulaire sont ici"),
           h("form", {cls("row"), action(conversation_url(frame)), attr("method", "post")},
             keys(talking), hidden("text", "J’ai rempli le formulaire"),
             hidden("choice", dialogue::kResume),
             h("button", {cls("btn")}, "Continuer dans la conversation")));
}

Html trouble(const Talking& talking) {
  if (talking.trouble == Trouble::lost)
    return h("div", {cls("notice"), attr("role", "status")},
             h("p", h("strong", "Cette conversation n’est plus là.")),
             h("p",
               "Elle est effacée ou trop ancienne, ou votre navigateur n’a pas gardé son "
               "cookie. Vous pouvez en commencer une autre."));
  const Words words = words_of(talking.trouble);
  if (words.title.empty()) return {};
  return h("div", {cls("summary"), attr("role", "alert")}, h("h2", words.title),
           h("a", {href(std::string("#").append(kField))}, words.advice));
}

Html opinion(const Frame& frame, const Talking& talking) {
  if (talking.turns.empty()) return {};
  const Turn& last = talking.turns.back();
  if (last.mine || last.verdict || !judged(last.answer.status)) return {};
  return feedback(
      {.to = conversation_url(frame, "/avis"),
       .about = fragment(hidden("seq", std::to_string(last.seq)), hidden("token", talking.token)),
       .hint = "Votre avis est gardé avec la conversation, et effacé avec elle."},
      talking.reason);
}

}  // namespace

bool at_field(Trouble trouble) { return trouble != Trouble::none && trouble != Trouble::lost; }

std::string anchor_of(std::int64_t seq) { return "m" + std::to_string(seq); }
std::string verdict_anchor_of(std::int64_t seq) { return "avis-" + std::to_string(seq); }

std::string talk_title(const Talking& talking) {
  if (talking.document && !talking.document->faults.empty())
    return "Erreur\u00a0: un document n’est pas gardé";
  if (talking.reason == ReasonGiven::missing) return "Erreur\u00a0: il manque une raison";
  if (at_field(talking.trouble))
    return std::string("Erreur\u00a0: ").append(words_of(talking.trouble).title);
  if (talking.trouble == Trouble::lost) return "Cette conversation n’est plus là";
  if (talking.turns.empty() || talking.turns.back().mine) return "Conversation";
  const Answer& last = talking.turns.back().answer;
  if (last.citations.empty() && last.status != Status::emergency) return "Conversation";
  return "Conversation\u00a0: " + answer_title(last);
}

Html talk(const Frame& frame, const Talking& talking) {
  const bool begun = !talking.token.empty();
  const auto turn = [&](const Turn& each) {
    return each.mine ? mine(each) : reply(frame, talking, each, &each == &talking.turns.back());
  };
  return h("div", {cls("wrap talk")},
           h("div", {cls("page-head")}, trouble(talking), h("h1", "Conversation"),
             h("p", {cls("lead")},
               "Un assistant automatique vous répond, jour et nuit. Ce n’est pas une personne."),
             h("div", {cls("row")},
               saying("btn btn--2", kSpeakToSomebody,
                      fragment(icon(Icon::person), h("span", "Parler à quelqu’un"))),
               when(begun,
                    [] { return h("a", {cls("link"), href("#message")}, "Écrire un message"); }))),
           h("div", {cls("talk-main")},
             when(talking.older,
                  [] {
                    return h(
                        "p", {cls("soft")},
                        "Les premiers messages ne sont pas affichés. Téléchargez la conversation "
                        "pour les lire.");
                  }),
             h("ol", {cls("log"), attr("aria-label", "Messages")},
               when(!begun, [&] { return welcome(talking); }), each(talking.turns, turn)),
             from_form(frame, talking), opinion(frame, talking), composer(frame, talking)),
           when(begun, [&] { return tools(frame, talking); }));
}

Html ask_erase(const Frame& frame, std::string_view token) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Effacer cette conversation\u202f?"),
        h("p", {cls("lead")}, "Elle sera supprimée ici et à la mairie, pour toujours."),
        h("form", {cls("row"), action(conversation_url(frame, "/effacer")), attr("method", "post")},
          hidden("token", token),
          h("a", {cls("btn"), href(conversation_url(frame))}, "Garder la conversation"),
          h("button", {cls("btn btn--2")}, "Effacer"))));
}

Html erased(const Frame& frame) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "La conversation est effacée"),
             h("p", {cls("lead"), attr("role", "status")},
               "Vos messages et les réponses sont supprimés."),
             h("p", {cls("row")},
               h("a", {cls("link"), href(conversation_url(frame))}, "Commencer une conversation"),
               h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil"))));
}

}  // namespace parvis::portal
