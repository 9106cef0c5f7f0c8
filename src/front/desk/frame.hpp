// What stands around every page of the desk, and the parts that its pages share. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk.hpp"
#include "html/html.hpp"

namespace parvis::desk {

struct Files {
  std::string town_css, css, desk_css, script, icon;
};
Files files_of(const http::Assets& assets);

// Who looks at the page. Without an agent there is nothing but the way in.
struct Frame {
  std::string town;
  Files files;
  std::string agent = {};   // their name, as colleagues read it
  std::string token = {};   // of forms
  std::string sought = {};  // in the search field
};

// A page that goes over the whole width, and one of a single narrow column.
enum class Shape { board, column };
std::string page(const Frame& frame, std::string_view title, const html::Html& main,
                 Shape shape = Shape::column);

// What stands at the side of a list.
struct RailEntry {
  std::string to;
  std::string_view words;
  bool current = false;
};
html::Html rail(std::string_view label, const std::vector<RailEntry>& entries);

// "/bureau/dossiers/KILU-BAFO-7/refus"
std::string case_url(std::string_view reference, std::string_view act = "");

html::Html paragraphs(std::string_view text);  // a line, a paragraph
// A field with its label, hint and error tied to it. `own` is its id, and its name where `field` is
// not.
struct Line {
  std::string_view own, label, hint;
  std::string fault;
  std::string value;
  bool optional = false;
  std::string_view field = {};
};
struct Kind {
  std::string_view type = "text", autocomplete = "off", style = "in";
};
html::Html line_field(const Line& line, const Kind& kind = {});
html::Html area_field(const Line& line, int rows);
// Faults as a summary whose links lead to the fields.
struct Fault {
  std::string field;  // its id; empty: the form as a whole
  std::string words;
};
html::Html summary(const std::vector<Fault>& faults);
std::string fault_of(const std::vector<Fault>& faults, std::string_view field);

html::Html notice(const html::Html& inside);  // something that was done
html::Html resumed_notice();                  // what was typed in another session is here
// What cannot be shown: a case of others, one that never was, a page that does not exist.
html::Html lost();
html::Html lost_appointment();  // the same of appointments and agendas
html::Html refused(int status, std::string_view detail);

}  // namespace parvis::desk
