#include "knowledge/print.hpp"

namespace parvis::knowledge {
namespace {

class Printer {
 public:
  void document(const Document& d);
  std::string take() { return std::move(out_); }

 private:
  // Writes the parts that are not empty on one line, separated by spaces.
  void line(std::initializer_list<std::string_view> parts) {
    bool any = false;
    for (const std::string_view part : parts) {
      if (part.empty()) continue;
      if (!any)
        out_.append(2 * depth_, ' ');
      else
        out_.push_back(' ');
      out_.append(part);
      any = true;
    }
    if (any) out_.push_back('\n');
  }
  void field(std::string_view label, std::string_view value) {
    if (!value.empty()) line({label, value});
  }
  void heading(std::string_view label, bool wanted) {
    if (wanted) out_.append("\n== ").append(label).append(" ==\n");
  }
  // The words as they read, then where their links lead.
  void spans(const Spans& spans) {
    line({plain(spans)});
    for (const Span& span : spans)
      if (!span.target.empty() || !span.note.empty())
        line({"  →", span.text, ":", span.target, span.audience, span.note});
  }
  void blocks(const Blocks& all) {
    for (const Block& b : all) block(b);
  }
  void block(const Block& b);
  void link(const Link& l) {
    line({"-", l.title, l.id, l.audience, l.type, l.url, l.format, l.language});
    ++depth_;
    field("thème", l.theme);
    field("source", l.source);
    line({l.note});
    if (l.condition) line({"si", words_for(*l.condition)});
    --depth_;
  }
  void links(std::string_view label, const std::vector<Link>& all) {
    heading(label, !all.empty());
    for (const Link& l : all) link(l);
  }
  void group(const Group& g) {
    line({g.title, g.id});
    ++depth_;
    for (const Link& l : g.sheets) link(l);
    for (const Group& inner : g.groups) group(inner);
    --depth_;
  }
  void list(std::string_view label, const std::vector<std::string>& all) {
    for (const std::string& each : all) field(label, each);
  }

  std::string out_;
  std::size_t depth_ = 0;
};

void Printer::block(const Block& b) {
  const bool bare = b.kind == Block::Kind::paragraph && b.style.empty();
  const std::string columns = b.span_columns > 1 ? std::to_string(b.span_columns) : "";
  const std::string rows = b.span_rows > 1 ? std::to_string(b.span_rows) : "";
  if (!bare) {
    line({"[", name(b.kind), b.style, b.id, b.number, b.pivot, columns, rows, "]"});
    ++depth_;
  }
  if (b.condition) line({"si", words_for(*b.condition)});
  for (const std::string& variable : b.sets) line({"alors", variable});
  spans(b.title);
  line({b.text});
  line({b.url, b.format, b.language});
  field("source", b.source);
  spans(b.spans);
  blocks(b.children);
  if (!bare) --depth_;
}

void Printer::document(const Document& d) {
  line({"#", d.title});
  line({d.key.audience, d.key.id, d.type, d.language});
  line({d.url});
  if (d.updated) field("mis à jour le", format_iso_date(*d.updated));
  if (d.important_change) field("changé le", format_iso_date(*d.important_change));
  line({d.description});
  field("sujet", d.subject);
  field("origine", d.origin);
  field("autorités", d.contributor);
  field("territoire", d.territory);
  list("pour", d.audiences);
  field("public", d.readers);
  for (const PathStep& step : d.path) line({">", step.title, step.id});
  line({d.theme, d.theme_id});
  line({d.subtheme, d.subtheme_id});
  line({d.dossier, d.dossier_id});
  line({d.subdossier});
  list("commune", d.communes);
  list("complète", d.completes);
  list("remplace", d.overrides);
  list("demandé", d.asked);
  list("élément inconnu", d.unknown);
  heading("Texte", !d.body.empty());
  blocks(d.body);
  heading("Services et contacts", !d.resources.empty());
  blocks(d.resources);
  links("Questions", d.questions);
  links("Comment faire si", d.what_if);
  links("Voir aussi", d.see_also);
  links("Références", d.references);
  links("En savoir plus", d.more);
  heading("Définitions", !d.definitions.empty());
  for (const Definition& definition : d.definitions) {
    line({definition.term, definition.id, definition.abbreviation ? "(sigle)" : ""});
    ++depth_;
    blocks(definition.text);
    for (const Link& l : definition.references) link(l);
    --depth_;
  }
  heading("Dossier", d.dossier_content != Group{});
  group(d.dossier_content);
}

}  // namespace

std::string words_for(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::is_true:
      return condition.variable;
    case Condition::Kind::is_undefined:
      return condition.variable + " inconnu";
    case Condition::Kind::all:
    case Condition::Kind::any:
      break;
  }
  const std::string_view between = condition.kind == Condition::Kind::all ? " et " : " ou ";
  std::string out;
  for (const Condition& operand : condition.operands) {
    if (!out.empty()) out.append(between);
    const std::string inner = words_for(operand);
    out.append(operand.operands.empty() ? inner : "( " + inner + " )");
  }
  return out;
}

std::string print_text(const Document& document) {
  Printer printer;
  printer.document(document);
  return printer.take();
}

}  // namespace parvis::knowledge
