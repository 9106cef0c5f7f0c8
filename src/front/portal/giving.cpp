// The page on which the documents that were asked for are given.
#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "portal/case_pages.hpp"
#include "portal/fields.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using casework::Act;

const procedure::Files& any_document() {
  static const procedure::Files files{
      .types = {"application/pdf", "image/jpeg", "image/png", "image/webp"},
      .count = procedure::kFilesMax};
  return files;
}

bool asked(const casework::Opened& opened) { return opened.state == casework::State::awaiting; }

std::string_view heading(const casework::Opened& opened) {
  return asked(opened) ? "Donner les documents demandés" : "Donner de nouveau un document";
}

Html rejected_words(const casework::Opened& opened) {
  const Html list = rejected_pieces(opened);
  return when(!list.empty(), [&] {
    return h("div", {cls("notice notice--plain")},
             h("p", h("strong", "À donner de nouveau, parce qu’il n’est pas gardé\u00a0:")), list);
  });
}

// What the service wrote when it asked.
Html asked_words(const casework::Opened& opened) {
  if (!asked(opened)) return {};
  const auto asked = std::ranges::find(opened.events.rbegin(), opened.events.rend(),
                                       Act::ask_pieces, &casework::Happened::act);
  if (asked == opened.events.rend()) return {};
  Html list;
  if (const json::value* pieces = asked->more.if_contains("pieces");
      pieces != nullptr && pieces->is_array())
    for (const json::value& piece : pieces->get_array())
      if (const json::string* text = piece.if_string()) list += h("li", std::string_view(*text));
  const auto term = parse_iso_date(string_at(asked->more, "term").value_or(""));
  return h(
      "div", {cls("notice notice--plain")}, h("p", h("strong", "Le service vous demande\u00a0:")),
      when(!list.empty(), [&] { return h("ul", list); }),
      when(!asked->text.empty(), [&] { return h("p", asked->text); }), when(term.has_value(), [&] {
        return h("p", "Donnez-les au plus tard le ", calendar::full_date_words(*term), ".");
      }));
}

}  // namespace

std::string giving_title(const Giving& giving) {
  return (giving.faults.empty() ? "" : "Erreur\u00a0: ") +
         std::string(heading(giving.shown.opened)) + ", dossier " + giving.shown.opened.reference;
}

Html give_pieces(const Frame& frame, const Giving& giving) {
  const casework::Opened& opened = giving.shown.opened;
  FileControl control{.path = std::string(kPieces),
                      .id = std::string(kPieces),
                      .files = any_document(),
                      .pieces = {},
                      .described = "pieces-limites",
                      .wrong = false,
                      .uploads_url = giving.uploads_url};
  for (const casework::Piece& piece : opened.pieces)
    if (piece.field.empty() && !piece.given) control.pieces.push_back(&piece);
  std::vector<std::pair<std::string, std::string>> links;
  Html errors;
  for (const procedure::Fault& fault : giving.faults) {
    links.emplace_back("#pieces", fault.message);
    errors += h("span", h("span", {cls("vh")}, "Erreur\u00a0: "), fault.message);
  }
  if (!errors.empty()) {
    control.wrong = true;
    control.described = "pieces-erreur pieces-limites";
  }
  return h(
      "div", {cls("wrap flow")}, back_link(cases_url(frame, opened.reference), "Votre dossier"),
      when(!links.empty(), [&] { return error_summary(links); }), h("h1", heading(opened)),
      rejected_words(opened), asked_words(opened),
      h("form",
        {cls("questions"), action(cases_url(frame, opened.reference, "/pieces")),
         attr("method", "post"), flag("novalidate"), attr("enctype", "multipart/form-data")},
        hidden("_token", giving.shown.token), hidden("id", new_id()),
        h("div",
          {cls(control.wrong ? "field group" : "field"), id("pieces-champ"),
           attr("data-files", "")},
          h("label", {attr("for", "pieces")}, "Vos documents"),
          h("p", {cls("hint"), id("pieces-limites")}, files_limits(any_document())),
          when(control.wrong, [&] { return h("p", {cls("err"), id("pieces-erreur")}, errors); }),
          file_control(control)),
        h("div", {cls("field")}, h("label", {attr("for", "mot")}, "Un mot au service (facultatif)"),
          h("p", {cls("hint"), id("mot-aide")},
            "Sans document, votre mot est transmis, et les documents restent attendus."),
          h("textarea",
            {cls("in"), id("mot"), name("text"), attr("rows", 3),
             attr("aria-describedby", "mot-aide")},
            giving.shown.written)),
        h("div", {cls("row")},
          h("button", {cls("btn btn--big"), name("_donner"), value("oui")}, "Envoyer au service"))),
      when(!frame.files.pieces_script.empty(),
           [&] { return h("script", {type("module"), src(frame.files.pieces_script)}, ""); }));
}

}  // namespace parvis::portal
