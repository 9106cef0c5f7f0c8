// The page on which the documents that were asked for are given.
#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "casework/asks.hpp"
#include "portal/case_pages.hpp"
#include "portal/fields.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

using namespace html;

namespace {

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
  casework::Opened unasked = opened;  // what was asked for says it itself
  std::erase_if(unasked.pieces, [](const casework::Piece& piece) { return !piece.ask.empty(); });
  const Html list = rejected_pieces(unasked);
  return when(!list.empty(), [&] {
    return h("div", {cls("notice notice--plain")},
             h("p", h("strong", "À donner de nouveau, parce qu’il n’est pas gardé\u00a0:")), list);
  });
}

// What the service wrote when it asked last.
Html asked_words(const casework::Opened& opened, const std::vector<casework::Ask>& asks) {
  if (!asked(opened)) return {};
  const casework::Happened* asked = casework::newest_request(opened.events, asks);
  if (asked == nullptr) return {};
  Html list;
  for (const std::string& label : casework::awaited_labels(asks)) list += h("li", label);
  const auto term = parse_iso_date(string_at(asked->more, "term").value_or(""));
  return h("div", {cls("notice notice--plain")},
           h("p", h("strong", "Le service attend encore\u00a0:")), h("ul", list),
           when(!asked->text.empty(), [&] { return h("p", asked->text); }),
           when(term.has_value(), [&] {
             return h("p", "Donnez-les au plus tard le ", calendar::full_date_words(*term),
                      ". Vous pouvez en donner une partie maintenant, et le reste plus tard.");
           }));
}

// A control for each document that is awaited, and one for what is asked again without a request.
struct Wanted {
  std::string ask;  // empty: no request
  std::string path, id, label, said;
};
std::vector<Wanted> wanted(const casework::Opened& opened, const std::vector<casework::Ask>& asks) {
  std::vector<Wanted> out;
  for (const casework::Ask* ask : casework::awaited(asks))
    out.push_back({.ask = ask->id,
                   .path = std::string(kPieces) + "." + ask->id,
                   .id = "pieces-" + ask->id,
                   .label = ask->label,
                   .said = ask->said});
  const bool other = std::ranges::any_of(opened.pieces, [](const casework::Piece& piece) {
    return piece.rejected() && piece.ask.empty();
  });
  // Files that came before they had a place of their own are shown too.
  const bool loose = std::ranges::any_of(opened.pieces, [&](const casework::Piece& piece) {
    return !piece.given && piece.field.empty() &&
           std::ranges::find(out, piece.ask, &Wanted::ask) == out.end();
  });
  if (other || loose || out.empty())
    out.push_back({.ask = {},
                   .path = std::string(kPieces),
                   .id = "pieces-autres",
                   .label = other || out.empty() ? "Vos documents" : "Autres documents",
                   .said = {}});
  // The first is where a fault of the whole leads to.
  out.front().id = kPieces;
  return out;
}

// Where a fault is said: at its input, or at the first.
const Wanted& place_of(const procedure::Fault& fault, const std::vector<Wanted>& all) {
  const auto at = std::ranges::find(all, fault.path, &Wanted::path);
  return at == all.end() ? all.front() : *at;
}

// Files that came by mail and of which nobody has said what they answer.
Html mailed(const Frame& frame, const Giving& giving, const std::vector<casework::Ask>& asks) {
  const casework::Opened& opened = giving.shown.opened;
  const auto files = casework::unassigned(opened.pieces);
  const auto open = casework::awaited(asks);
  if (files.empty() || open.empty()) return {};
  return h(
      "form",
      {cls("notice notice--plain flow"), action(cases_url(frame, opened.reference, "/pieces")),
       attr("method", "post"), attr("enctype", "multipart/form-data")},
      hidden("_token", giving.shown.token), hidden("id", new_id()),
      h("p", h("strong", "Vous avez envoyé ces fichiers par e-mail. À quoi répondent-ils\u202f?")),
      each(files, [&](const casework::Piece* file) {
        return fragment(
            h("p", file->name.read()),
            h("ul", {cls("links")}, each(open, [&](const auto* ask) {
                return h("li",
                         h("button", {cls("link"), name(kAssign), value(ask->id + "/" + file->id)},
                           ask->label, h("span", {cls("vh")}, ", pour ", file->name.read())));
              })));
      }));
}

Html control_of(const Giving& giving, const Wanted& each, const std::vector<Wanted>& all) {
  const casework::Opened& opened = giving.shown.opened;
  FileControl control{.path = each.path,
                      .id = each.id,
                      .files = any_document(),
                      .pieces = {},
                      .described = each.id + "-limites",
                      .wrong = false,
                      .uploads_url = giving.uploads_url};
  for (const casework::Piece& piece : opened.pieces) {
    const bool known = std::ranges::find(all, piece.ask, &Wanted::ask) != all.end();
    if (piece.field.empty() && !piece.given && (known ? piece.ask : "") == each.ask)
      control.pieces.push_back(&piece);
  }
  Html errors;
  for (const procedure::Fault& fault : giving.faults)
    if (&each == &place_of(fault, all))
      errors += h("span", h("span", {cls("vh")}, "Erreur\u00a0: "), fault.message);
  if (!errors.empty()) {
    control.wrong = true;
    control.described = each.id + "-erreur " + control.described;
  }
  return h(
      "div",
      {cls(control.wrong ? "field group" : "field"), id(each.id + "-champ"),
       attr("data-files", "")},
      h("label", {attr("for", each.id)}, each.label),
      when(!each.said.empty(), [&] { return h("p", "À donner de nouveau\u00a0: ", each.said); }),
      h("p", {cls("hint"), id(each.id + "-limites")}, files_limits(any_document())),
      when(control.wrong, [&] { return h("p", {cls("err"), id(each.id + "-erreur")}, errors); }),
      file_control(control));
}

}  // namespace

std::string giving_title(const Giving& giving) {
  return (giving.faults.empty() ? "" : "Erreur\u00a0: ") +
         std::string(heading(giving.shown.opened)) + ", dossier " + giving.shown.opened.reference;
}

Html give_pieces(const Frame& frame, const Giving& giving) {
  const casework::Opened& opened = giving.shown.opened;
  const std::vector<casework::Ask> asks = casework::asks_of(opened.events);
  const std::vector<Wanted> all = wanted(opened, asks);
  std::vector<std::pair<std::string, std::string>> links;
  for (const procedure::Fault& fault : giving.faults)
    links.emplace_back("#" + place_of(fault, all).id, fault.message);
  return h(
      "div", {cls("wrap flow")}, back_link(cases_url(frame, opened.reference), "Votre dossier"),
      when(!links.empty(), [&] { return error_summary(links); }), h("h1", heading(opened)),
      rejected_words(opened), asked_words(opened, asks), mailed(frame, giving, asks),
      h("form",
        {cls("questions"), action(cases_url(frame, opened.reference, "/pieces")),
         attr("method", "post"), flag("novalidate"), attr("enctype", "multipart/form-data")},
        hidden("_token", giving.shown.token), hidden("id", new_id()),
        each(all, [&](const Wanted& one) { return control_of(giving, one, all); }),
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
