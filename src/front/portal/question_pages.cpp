// The questions of a démarche, one a page, and the answers to read again.
#include <fmt/format.h>

#include <algorithm>

#include "portal/icons.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"
#include "procedure/values.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using procedure::Definition;
using procedure::Fault;
using procedure::Field;
using procedure::Form;
using procedure::Page;
using procedure::PageState;
using procedure::ShownPage;
using procedure::Type;

// ── the path of steps ──

struct StepShown {
  std::string_view title;
  bool done = true;
  bool now = false;
  std::size_t questions = 0, place = 0;  // place: of the page shown, from 1
  const Page* first = nullptr;
};

std::vector<StepShown> steps_of(const Definition& definition, const Form& form,
                                std::string_view current) {
  std::vector<StepShown> out;
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    StepShown step{.title = definition.steps[i].title};
    for (const ShownPage& page : form.pages) {
      if (page.step != i) continue;
      ++step.questions;
      if (step.first == nullptr) step.first = page.page;
      if (page.state == PageState::open) step.done = false;
      if (page.page->id == current) {
        step.now = true;
        step.place = step.questions;
      }
    }
    if (step.questions > 0) out.push_back(step);
  }
  // What may be left empty is done only when its turn has come.
  for (std::size_t i = 1; i < out.size(); ++i)
    if (!out[i - 1].done) out[i].done = false;
  out.push_back({.title = "Relire et envoyer", .done = false, .now = current.empty()});
  return out;
}

Html path_side(const Frame& frame, const Definition& definition,
               const std::vector<StepShown>& steps) {
  return h(
      "div", {cls("side")}, h("p", {cls("label")}, definition.title),
      h("nav", {attr("aria-label", "Étapes")},
        h("ol", {cls("path")}, each(steps, [&](const StepShown& step) {
            if (step.now)
              return h("li", {cls("now"), attr("aria-current", "step")},
                       h("span", step.title, h("small", "En cours", when(step.questions > 1, [&] {
                                                 return fragment("\u00a0: question ", step.place,
                                                                 " sur ", step.questions);
                                               }))));
            if (step.done && step.first != nullptr)
              return h(
                  "li", {cls("done")},
                  h("span",
                    h("a", {href(question_url(frame, definition, step.first->id))}, step.title),
                    h("small", "Fait")));
            return h("li", h("span", step.title, h("small", "À faire")));
          }))));
}

Html path_short(const std::vector<StepShown>& steps) {
  const auto now = std::ranges::find(steps, true, &StepShown::now);
  if (now == steps.end()) return {};
  return h("details", {cls("short-path")},
           h("summary", "Étape ", now - steps.begin() + 1, " sur ", steps.size(),
             "\u00a0: ", now->title),
           h("ol", each(steps, [](const StepShown& step) {
               if (step.now) return h("li", h("strong", step.title, " (en cours)"));
               return h("li", step.title, step.done ? " (fait)" : "");
             })));
}

Html saved_line(const Frame& frame, const Definition& definition, std::string_view saved) {
  return h("div", {cls("saved")}, icon(Icon::save),
           h("p", h("strong", "Brouillon gardé à ", saved, "."), " Il vous attend ",
             procedure::words(definition.retention.drafts), "."),
           h("a", {cls("link"), href(procedures_url(frame, definition.id, "/plus-tard"))},
             "Reprendre plus tard"));
}

// To the conversation that the draft comes from, which goes on with what is filled in here.
Html to_talk(std::string_view back) {
  if (back.empty()) return {};
  if (back == kOtherWindow)
    return h("p", {cls("soft")},
             "Votre conversation vous attend dans l’autre onglet\u00a0: elle continue avec vos "
             "réponses d’ici.");
  const std::string base = back == kNoCommune ? "/" : "/" + std::string(back) + "/";
  return h("p", back_link(base + "conversation?suite=1&formulaire=1#reprendre",
                          "Revenir à la conversation"));
}

Html otherwise(const Frame& frame, const Definition& definition, std::string_view back) {
  return h("div", {cls("otherwise")}, to_talk(back), h("h2", "Vous préférez autrement\u202f?"),
           h("ul", {cls("tries")},
             h("li", h("a", {href(procedures_url(frame, definition.id, "/papier"))},
                       "Imprimer le formulaire")),
             h("li", h("a", {href(procedures_url(frame, definition.id) + "#sans-internet")},
                       "Faire au guichet ou par téléphone")),
             h("li", h("a", {href(conversation_url(frame))}, "Poser une question à l’assistant"))));
}

bool has_repeat(const Page& page) {
  return std::ranges::any_of(page.fields,
                             [](const Field& field) { return field.type == Type::repeat; });
}

Html in_task(const Frame& frame, const Definition& definition, const Form& form,
             std::string_view current, const Html& flow) {
  const auto steps = steps_of(definition, form, current);
  return h("div", {cls("wrap")},
           h("div", {cls("task")}, path_side(frame, definition, steps),
             h("div", {cls("task-main")}, flow)));
}

std::string name_of(const Definition& definition, const Field& field, const json::object& answers) {
  return procedure::filled_in(definition, field.name.empty() ? field.label : field.name, answers);
}

// ── the answers, to read again ──

class Rows {
 public:
  Rows(const Frame& frame, const Checking& checking) : frame_(frame), checking_(checking) {}

  Html of(const ShownPage& shown) {
    Html out;
    for (const Field& field : shown.page->fields) {
      if (!procedure::is_answered(field.type)) continue;
      const json::value* value = checking_.form.answers.if_contains(field.id);
      const bool faulty = std::ranges::any_of(shown.faults, [&](const Fault& fault) {
        return fault.path == field.id ||
               (fault.path.starts_with(field.id) && fault.path.size() > field.id.size() &&
                (fault.path[field.id.size()] == '.' || fault.path[field.id.size()] == '['));
      });
      // A field that is asked under a condition, and is not.
      if (value == nullptr && !faulty && field.when) continue;
      out += row(*shown.page, field, value, faulty);
    }
    return out;
  }

 private:
  Html row(const Page& page, const Field& field, const json::value* value, bool faulty) const {
    const std::string name = name_of(checking_.definition, field, checking_.form.answers);
    const std::string to =
        question_url(frame_, checking_.definition, page.id) + "?retour=verifier#" + id_of(field.id);
    return h(
        "div", h("dt", name),
        h("dd", faulty ? h("strong", {cls("err")}, icon(Icon::warning), h("span", "À compléter"))
                       : answer(field, value)),
        h("dd", h("a", {cls("link"), href(to)}, faulty ? "Compléter" : "Modifier",
                  h("span", {cls("vh")}, "\u00a0: ", name))));
  }

  static Html answer(const Field& field, const json::value* value) {
    if (value == nullptr || value->is_null()) return h("span", {cls("soft")}, "Pas de réponse");
    if (field.type == Type::attestation) return Html("Oui, je le certifie");
    if (field.type == Type::repeat || field.type == Type::block) {
      const json::array* items = value->if_array();
      if (items == nullptr) return parts(field, value->if_object());
      return h("ol", each(*items, [&](const json::value& item) {
                 return h("li", parts(field, item.if_object()));
               }));
    }
    const std::string shown = procedure::shown(field, *value);
    Html lines;
    for (std::size_t from = 0; from <= shown.size();) {
      const std::size_t end = std::min(shown.find('\n', from), shown.size());
      lines += h("p", shown.substr(from, end - from));
      from = end + 1;
    }
    return lines;
  }
  static Html parts(const Field& field, const json::object* object) {
    Html out;
    if (object == nullptr) return out;
    for (const Field& part : field.fields)
      if (const json::value* value = object->if_contains(part.id);
          value != nullptr && procedure::is_answered(part.type))
        out += h("p", part.name.empty() ? part.label : part.name,
                 "\u00a0: ", procedure::shown(part, *value));
    return out;
  }

  const Frame& frame_;
  const Checking& checking_;
};

std::vector<std::pair<std::string, std::string>> faults_of(const Frame& frame,
                                                           const Checking& checking) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto to = [&](const Page& page, std::string_view path) {
    std::string url = question_url(frame, checking.definition, page.id) + "?retour=verifier";
    if (!path.empty()) url += "#" + id_of(path);
    return url;
  };
  for (const ShownPage& page : checking.form.pages)
    for (const Fault& fault : page.faults)
      out.emplace_back(to(*page.page, fault.path), fault.message);
  for (const Fault& fault : checking.form.faults) {
    const std::string_view first =
        std::string_view(fault.path).substr(0, fault.path.find_first_of(".["));
    const Page* found = nullptr;
    for (const ShownPage& page : checking.form.pages)
      if (std::ranges::find(page.page->fields, first, &Field::id) != page.page->fields.end())
        found = page.page;
    if (found == nullptr && !checking.form.pages.empty()) found = checking.form.pages.front().page;
    if (found != nullptr) out.emplace_back(to(*found, fault.path), fault.message);
  }
  return out;
}

}  // namespace

std::string question_title(const Question& question) {
  const Asking& asking = question.asking;
  const auto steps = steps_of(asking.definition, asking.form, asking.page.id);
  const auto now = std::ranges::find(steps, true, &StepShown::now);
  std::string out = asking.faults.empty() ? "" : "Erreur\u00a0: ";
  return out.append(heading_of(asking))
      .append(fmt::format(", étape {} sur {}, ", now - steps.begin() + 1, steps.size()))
      .append(asking.definition.title);
}

Html question(const Frame& frame, const Question& question) {
  const Asking& asking = question.asking;
  const Definition& definition = asking.definition;
  std::string before = procedures_url(frame, definition.id);
  std::string_view back = "Présentation de la démarche";
  if (question.to_check) {
    before = procedures_url(frame, definition.id, "/verifier");
    back = "Revenir à la relecture";
  } else {
    for (const ShownPage& page : asking.form.pages) {
      if (page.page == &asking.page) break;
      before = question_url(frame, definition, page.page->id);
      back = "Question précédente";
    }
  }
  const bool files = asking.uploads == Uploads::open && has_files(asking.page);
  std::vector<std::pair<std::string, std::string>> links;
  for (const Fault& fault : asking.faults) {
    const std::string target = target_of(asking, fault);
    links.emplace_back(target.empty() ? "" : "#" + target, fault.message);
  }
  return in_task(
      frame, definition, asking.form, asking.page.id,
      fragment(
          back_link(before, back), path_short(steps_of(definition, asking.form, asking.page.id)),
          when(!links.empty(), [&] { return error_summary(links); }),
          h("form",
            {cls("questions"), action(question_url(frame, definition, asking.page.id)),
             attr("method", "post"), flag("novalidate"),
             attr_if(files, "enctype", "multipart/form-data")},
            hidden("_token", question.token), hidden("_vu", question.seen),
            when(question.to_check, [] { return hidden("_retour", "verifier"); }),
            // The first button of a form is what Enter presses, also before "Ajouter".
            when(has_repeat(asking.page) || files,
                 [] {
                   return h("button",
                            {cls("vh"), attr("tabindex", "-1"), attr("aria-hidden", "true")},
                            "Continuer");
                 }),
            portal::fields(asking),
            h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Continuer"))),
          when(files && !frame.files.pieces_script.empty(),
               [&] { return h("script", {type("module"), src(frame.files.pieces_script)}, ""); }),
          saved_line(frame, definition, question.saved),
          otherwise(frame, definition, question.back)));
}

std::string check_title(const Checking& checking) {
  return (checking.form.complete() ? "Relire et envoyer, " : "Il manque des réponses, ") +
         checking.definition.title;
}

Html check_answers(const Frame& frame, const Checking& checking) {
  const Definition& definition = checking.definition;
  const auto faults = faults_of(frame, checking);
  Rows rows(frame, checking);
  Html answers;
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    Html lines;
    for (const ShownPage& page : checking.form.pages)
      if (page.step == i) lines += rows.of(page);
    if (!lines.empty())
      answers += h("section", {cls("flow")}, h("h2", definition.steps[i].title),
                   h("dl", {cls("pairs pairs--check")}, lines));
  }
  const std::string last =
      checking.form.pages.empty()
          ? procedures_url(frame, definition.id)
          : question_url(frame, definition, checking.form.pages.back().page->id);
  return in_task(
      frame, definition, checking.form, "",
      fragment(
          back_link(last, "Question précédente"),
          path_short(steps_of(definition, checking.form, "")),
          when(!faults.empty(), [&] { return error_summary(faults); }),
          when(!checking.slot_lost.empty(),
               [&] {
                 return h("div", {cls("notice notice--alert"), attr("role", "alert")},
                          h("p", h("strong", "Votre horaire n’est plus libre\u00a0: ",
                                   checking.slot_lost, ".")),
                          h("p",
                            "Nous le gardions quelques minutes, puis une autre personne l’a pris. "
                            "Choisissez-en un autre\u00a0: vos réponses sont gardées."));
               }),
          when(!checking.wait.empty(),
               [&] {
                 return h("div", {cls("notice notice--alert"), attr("role", "alert")},
                          h("p", h("strong", "Votre demande n’est pas encore envoyée.")),
                          h("p", checking.wait));
               }),
          h("h1", checking.form.complete() ? "Relisez vos réponses" : "Il manque des réponses"),
          when(!checking.slot_until.empty(),
               [&] {
                 return h("p", {cls("notice")}, "Nous gardons votre horaire jusqu’à ",
                          checking.slot_until, ". Il est à vous quand vous envoyez.");
               }),
          answers,
          when(checking.form.complete(),
               [&] {
                 return h(
                     "form",
                     {cls("flow send"), action(procedures_url(frame, definition.id, "/deposer")),
                      attr("method", "post")},
                     hidden("_token", checking.token), h("h2", "Envoyer"),
                     h("p",
                       "Vous recevez tout de suite un accusé de réception, avec une référence."),
                     h("p", {cls("soft")}, "Vos réponses vont ",
                       checking.office ? "au service «\u00a0" + checking.office->name + "\u00a0»"
                                       : std::string("à votre mairie"),
                       ". Elles sont gardées ", procedure::words(definition.retention.closed),
                       " après la fin du dossier."),
                     h("div", {cls("row")},
                       h("button", {cls("btn btn--big")}, "Envoyer ma demande")));
               }),
          when(!checking.form.complete() && !faults.empty(),
               [&] {
                 return h("div", {cls("row")},
                          h("a", {cls("btn btn--big"), href(faults.front().first)}, "Compléter"));
               }),
          saved_line(frame, definition, checking.saved),
          otherwise(frame, definition, checking.back)));
}

}  // namespace parvis::portal
