// The questions of a démarche as fields of a page: each type's own control, with its label, hint
// and error tied to it. Pure.
//
// A control's name is the path of its answer ("titulaire.birth_date.day", "enfants[0].nom"), which
// procedure::fill reads back; that of a file names its item ("enfants[k3m9].carnet"). Its id is
// made of the path (id_of), so that a fault finds it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "casework/piece_store.hpp"
#include "html/html.hpp"
#include "procedure/form.hpp"

namespace parvis::portal {

// Whether files can be sent here. Closed: the page says how to give the document otherwise.
enum class Uploads : std::uint8_t { closed, open };

// A page of questions to show.
struct Asking {
  const procedure::Definition& definition;
  const procedure::Form& form;
  const procedure::Page& page;
  const json::object& answers;  // as typed, wrong ones too
  const procedure::Moment& moment;
  std::vector<procedure::Fault> faults = {};  // said at the fields; none at first sight
  Uploads uploads = Uploads::closed;
  std::vector<casework::Piece> pieces = {};  // of the whole draft, in any state
  std::string uploads_url = {};              // where a script sends them (api/tus.hpp)
  html::Html slots = {};  // of an appointment: what can be chosen (appointment_pages.hpp)
  // Items shown of a repeated block: those that are written, and blank ones up to here. A blank
  // item is nothing that a draft keeps.
  std::string block = {};
  std::size_t items = 0;
  // Begins the names of blank items that take files (procedure/items.hpp): new ones at each
  // showing.
  std::string new_items = {};
};

// Names of the buttons that add and take away an item of a repeated block. Values: the block's
// path, and the item's ("enfants[1]").
inline constexpr std::string_view kAdd = "_ajouter";
inline constexpr std::string_view kRemove = "_retirer";

// Of the buttons that join the files chosen and stay, and that take one away (its id).
// Value of the first: the element to come back to.
inline constexpr std::string_view kJoin = "_joindre";
inline constexpr std::string_view kTakeBack = "_reprendre";
// Of the buttons that say what a file answers that came by mail (giving.cpp).
inline constexpr std::string_view kAssign = "_repond";

// Of the date that is written on a document: "justificatif.date-du-document.day".
inline constexpr std::string_view kDated = ".date-du-document";

// The files given so far, what each is, and a button that takes it back; then the inputs, as long
// as there is room. The form around is multipart/form-data.
struct FileControl {
  std::string path;  // the name of the inputs
  std::string id;    // of the first input, or of the list when there is no room
  const procedure::Files& files;
  std::vector<const casework::Piece*> pieces;
  std::string described;  // ids
  bool wrong = false;
  std::string uploads_url;
};
html::Html file_control(const FileControl& control);
std::string files_limits(const procedure::Files& files);  // "Un PDF ou une photo. 10 Mo au plus."
// Whether files may be sent to the page.
bool has_files(const procedure::Page& page);

std::string id_of(std::string_view path);  // "enfants[1].nom" → "q-enfants-1-nom"
// The element to go to for a fault: the first control it is about. Empty: the page as a whole.
std::string target_of(const Asking& asking, const procedure::Fault& fault);

// A text of the definition, answers filled in.
std::string words_of(const Asking& asking, std::string_view text);
// The heading of a page: its own, or its one question.
std::string heading_of(const Asking& asking);
// All of the page: its heading as h1, its hint and its fields.
html::Html fields(const Asking& asking);

}  // namespace parvis::portal
