#include "knowledge/vdd.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <unordered_map>

#include "knowledge/inline_text.hpp"
#include "text/normalise.hpp"

// The builder goes down the element tree once. A name it knows becomes a block, a link or a field;
// one it does not know becomes Block::unknown around what it holds, and its name is kept in
// Document::unknown for the report of the import.
//
// What is left out on purpose, because it says nothing to a reader: the editorial routing
// (SurTitre, Canal, RechercheGuidee, Colonne widths), the Dublin Core fields that repeat another
// one or the publisher (creator, publisher, rights, format, identifier, relation, source), and ids
// of sources.

namespace parvis::knowledge {
namespace {

class Builder {
 public:
  explicit Builder(Document& document) : document_(document) {}

  void publication(const Element& root);

 private:
  Spans spans(const Element& parent) { return spans_of(parent, document_.unknown); }
  Spans title_of(const Element& parent);
  Condition condition(const Element& e);
  std::optional<Condition> condition_of(const Element& e);

  void blocks(const Element& parent, Blocks& out);
  void block(const Element& e, Blocks& out);
  void paragraph(const Element& e, Blocks& out);
  void plain_child(const Element& child, Block& into);
  Block container(const Element& e, Block::Kind kind);
  Block illustration(const Element& e);
  Block resource(const Element& e);
  Block contact(const Element& e);
  Block commented_link(const Element& e);
  Block question(const Element& e);
  Block choice(const Element& e);

  Link link(const Element& e);
  Group group(const Element& e);
  bool metadata(const Element& e);
  bool place(const Element& e);
  bool links(const Element& e);
  void own_resource(const Element& root);

  Document& document_;
};

Spans Builder::title_of(const Element& parent) {
  const Element* title = parent.child("Titre");
  return title == nullptr ? Spans{} : spans(*title);
}

Condition Builder::condition(const Element& e) {
  Condition out;
  if (e.name == "estVrai" || e.name == "estIndefini") {
    out.kind = e.name == "estVrai" ? Condition::Kind::is_true : Condition::Kind::is_undefined;
    out.variable = e.attribute("var");
    return out;
  }
  if (e.name != "Condition" && e.name != "et" && e.name != "ou")
    document_.unknown.push_back(e.name);
  out.kind = e.name == "ou" ? Condition::Kind::any : Condition::Kind::all;
  for (const Element& child : e.children)
    if (!child.name.empty()) out.operands.push_back(condition(child));
  if (e.name == "Condition" && out.operands.size() == 1) {
    Condition only = std::move(out.operands.front());
    return only;
  }
  return out;
}

std::optional<Condition> Builder::condition_of(const Element& e) {
  const Element* c = e.child("Condition");
  if (c == nullptr) return std::nullopt;
  return condition(*c);
}

// ── blocks ──────────────────────────────────────────────────────────────────────────────────────

const std::unordered_map<std::string_view, Block::Kind>& containers() {
  using enum Block::Kind;
  static const std::unordered_map<std::string_view, Block::Kind> map = {
      {"Liste", list},
      {"Item", item},
      {"Tableau", table},
      {"Rangée", row},
      {"Cellule", cell},
      {"Chapitre", chapter},
      {"SousChapitre", subchapter},
      {"ListeSituations", situations},
      {"Situation", situation},
      {"BlocCas", cases},
      {"Cas", case_},
      {"FragmentConditionne", conditional},
      {"ANoter", note},
      {"ASavoir", know},
      {"Attention", attention},
      {"Rappel", reminder},
      {"Exemple", example},
      {"Aide", help},
      {"Avertissement", warning},
      {"Texte", group},
      {"Introduction", group},
      {"Conclusion", group},
      {"Contenu", group},
      {"ContenuIllustre", group},
      {"Description", group},
      {"Commentaire", group},
  };
  return map;
}

std::uint16_t span_count(std::string_view text) {
  std::uint16_t value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp<std::uint16_t>(value, 1, 100);
}

// Marks the cells of the columns that the source declares as headings. `open[c]` counts the rows
// that a cell merged downwards still takes in column c.
void mark_heading_columns(const Element& e, Block& table) {
  std::vector<bool> heading;
  for (const Element& child : e.children)
    if (child.name == "Colonne") heading.push_back(child.attribute("type") == "header");
  std::vector<int> open(heading.size(), 0);
  for (Block& row : table.children) {
    std::size_t column = 0;
    for (Block& cell : row.children) {
      while (column < open.size() && open[column] > 0) ++column;
      if (column < heading.size() && heading[column]) cell.style = "header";
      for (int i = 0; i < cell.span_columns && column < open.size(); ++i, ++column)
        open[column] = cell.span_rows;
    }
    for (int& rows : open) rows = std::max(0, rows - 1);
  }
}

// A row whose cells are all merged with the next one leaves it no room: they are merged with none.
void part_rows(Block& table) {
  for (Block& row : table.children) {
    if (row.children.empty()) continue;
    const std::uint16_t too_many =
        std::ranges::min_element(row.children, {}, &Block::span_rows)->span_rows - 1;
    for (Block& cell : row.children) cell.span_rows -= too_many;
  }
}

std::string style_of(const Element& e) {
  std::string style;
  for (const std::string_view key : {"affichage", "type"})
    if (!e.attribute(key).empty()) style.append(style.empty() ? "" : " ").append(e.attribute(key));
  return style;
}

Block Builder::container(const Element& e, Block::Kind kind) {
  Block out;
  out.kind = kind;
  out.id = e.attribute("ID");
  out.title = title_of(e);
  out.condition = condition_of(e);
  out.style = style_of(e);
  out.text = words_of(e.child("TitreAlternatif"));
  if (out.text == collapse(plain(out.title))) out.text.clear();
  if (kind == Block::Kind::warning) out.text = e.attribute("date");
  if (kind == Block::Kind::table) out.text = words_of(e.child("Resume"));
  if (kind == Block::Kind::cell) {
    out.span_columns = span_count(e.attribute("fusionHorizontale"));
    out.span_rows = span_count(e.attribute("fusionVerticale"));
  }
  blocks(e, out.children);
  if (kind == Block::Kind::table) {
    part_rows(out);
    mark_heading_columns(e, out);
  }
  return out;
}

// A paragraph, then the pictures that stand in it.
void Builder::paragraph(const Element& e, Blocks& out) {
  Element words{.name = e.name, .text = {}, .attributes = {}, .children = {}};
  Blocks pictures;
  for (const Element& child : e.children) {
    if (child.name == "Image")
      pictures.push_back(illustration(child));
    else
      words.children.push_back(child);
  }
  Block paragraph;
  paragraph.spans = spans(words);
  if (!paragraph.spans.empty()) out.push_back(std::move(paragraph));
  std::ranges::move(pictures, std::back_inserter(out));
}

void Builder::blocks(const Element& parent, Blocks& out) {
  Element loose{.name = "Paragraphe", .text = {}, .attributes = {}, .children = {}};
  auto flush = [&] {  // text that stands beside blocks, without a paragraph of its own
    paragraph(loose, out);
    loose.children.clear();
  };
  for (const Element& child : parent.children) {
    if (child.name.empty() || is_inline(child.name)) {
      loose.children.push_back(child);
    } else if (child.name != "Titre" && child.name != "Condition" && child.name != "Colonne" &&
               child.name != "TitreAlternatif" && child.name != "Resume") {
      flush();
      block(child, out);
    }
  }
  flush();
}

void Builder::block(const Element& e, Blocks& out) {
  if (e.name == "Paragraphe") {
    paragraph(e, out);
  } else if (e.name == "OuSAdresser" || e.name == "OuSAdresserSupport" ||
             e.name == "QuiPeutMAider") {
    out.push_back(contact(e));
  } else if (e.name == "ServiceEnLigne" || e.name == "ServiceEnLigneAnnexe" ||
             e.name == "ServiceEnLigneAlternatif" || e.name == "NoticeLiee" ||
             e.name == "LienWeb") {
    out.push_back(resource(e));
  } else if (e.name == "LienExterneCommente") {
    out.push_back(commented_link(e));
  } else if (e.name == "Image" || e.name == "Illustration") {
    out.push_back(illustration(e));
  } else if (e.name == "Problematiques" || e.name == "Question") {
    out.push_back(question(e));
  } else if (e.name == "Questionnaire") {
    blocks(e, out);
  } else if (const auto at = containers().find(e.name); at != containers().end()) {
    Block inner = container(e, at->second);
    // A transparent container without a condition or title of its own only adds depth.
    if (inner.kind == Block::Kind::group && !inner.condition && inner.title.empty())
      std::ranges::move(inner.children, std::back_inserter(out));
    else
      out.push_back(std::move(inner));
  } else {
    document_.unknown.push_back(e.name);
    Block kept = container(e, Block::Kind::unknown);
    kept.style = e.name;
    kept.url = e.attribute("URL");
    out.push_back(std::move(kept));
  }
}

Block Builder::illustration(const Element& e) {
  Block image;
  image.kind = Block::Kind::illustration;
  image.url = e.attribute("LienPublication");
  image.format = e.attribute("format");
  image.text = words_of(e.child("TexteDeRemplacement"));
  image.source = words_of(e.child("Credits"));
  if (const Element* caption = e.child("Legende")) image.title = spans(*caption);
  if (const Element* description = e.child("Description")) blocks(*description, image.children);
  return image;
}

// "Téléservice", "Formulaire", "Modèle de document", "Simulateur", "Outil de recherche"…
Block::Kind resource_kind(std::string_view element, std::string_view words) {
  const std::string type = text::fold(words);
  if (element == "NoticeLiee") return Block::Kind::notice_link;
  if (type.contains("formulaire")) return Block::Kind::form;
  if (type.contains("modele")) return Block::Kind::template_;
  if (type.contains("simulateur") || type.contains("recherche")) return Block::Kind::tool;
  return Block::Kind::online;
}

void join(std::string& to, std::string_view what) {
  if (!what.empty()) to.append(to.empty() ? "" : ", ").append(what);
}

void target_of(const Element& e, Block& out) {
  out.url = e.attribute("URL");
  out.language = e.attribute("langue");
  out.format = e.attribute("format");
  join(out.format, e.attribute("poids"));
}

// A child of a resource or contact that is not one of its own fields.
void Builder::plain_child(const Element& child, Block& into) {
  if (child.name == "Titre" || child.name == "Condition") return;
  if (child.name == "PivotLocal") {
    join(into.pivot, words_of(&child));
  } else if (child.name == "Source") {
    join(into.source, words_of(&child));
  } else if (child.name.empty()) {
    const std::string words = collapse(child.text);
    if (!words.empty()) into.title.push_back({Span::Kind::text, words, "", "", ""});
  } else {
    block(child, into.children);
  }
}

Block Builder::resource(const Element& e) {
  Block out;
  out.kind = resource_kind(e.name, e.attribute("type"));
  target_of(e, out);
  out.id = e.attribute("ID");
  out.style = e.attribute("type");
  out.number = e.attribute("numerocerfa");
  join(out.number, e.attribute("autrenumero"));
  out.condition = condition_of(e);
  out.text = e.attribute("commentaireLien");
  out.title = title_of(e);
  for (const Element& child : e.children) {
    if (child.name == "LienWeb" && out.url.empty()) {
      target_of(child, out);
      out.source = words_of(child.child("Source"));
    } else {
      plain_child(child, out);
    }
  }
  return out;
}

Block Builder::contact(const Element& e) {
  Block out;
  out.kind = Block::Kind::contact;
  out.id = e.attribute("ID");
  out.style = e.attribute("type");
  out.condition = condition_of(e);
  out.title = title_of(e);
  for (const Element& child : e.children) {
    if (child.name == "RessourceWeb" && out.url.empty())
      target_of(child, out);
    else if (child.name == "Complement")
      join(out.text, words_of(&child));
    else
      plain_child(child, out);
  }
  return out;
}

// "Fiche avec liens externes" consists of these: a page elsewhere and what to know before going.
Block Builder::commented_link(const Element& e) {
  Block out;
  out.kind = Block::Kind::online;
  for (const Element& child : e.children) {
    if (child.name == "LienExterne") {
      target_of(child, out);
      out.title = spans(child);
    } else {
      plain_child(child, out);
    }
  }
  return out;
}

// Problematiques/Problematique/Branche and Question/Choix: a question, then choices in choices.
Block Builder::question(const Element& e) {
  Block out;
  out.kind = Block::Kind::question;
  out.id = e.attribute("ID");
  out.title = title_of(e);
  out.condition = condition_of(e);
  for (const Element& child : e.children) {
    if (child.name.empty() || child.name == "Titre" || child.name == "Condition") continue;
    if (child.name == "Problematique" || child.name == "Choix")
      out.children.push_back(choice(child));
    else
      block(child, out.children);
  }
  return out;
}

Block Builder::choice(const Element& e) {
  Block out;
  out.kind = Block::Kind::choice;
  out.id = e.attribute("ID");
  out.title = title_of(e);
  out.condition = condition_of(e);
  out.text = words_of(e.child("IntituleSiSelectionne"));
  for (const Element& child : e.children) {
    if (child.name == "Titre" || child.name == "Condition" ||
        child.name == "IntituleSiSelectionne" || child.name.empty())
      continue;
    if (child.name == "Branche" || child.name == "Choix") {
      out.children.push_back(choice(child));
    } else if (child.name == "SiSelectionne") {
      for (const Element& effect : child.children) {
        const std::string variable(effect.attribute("var"));
        if (effect.name == "affecteVrai")
          out.sets.push_back(variable);
        else if (effect.name == "affecteFaux")
          out.sets.push_back("!" + variable);
        else if (!effect.name.empty())
          block(effect, out.children);
      }
    } else if (is_inline(child.name)) {  // the sheet it leads to, often without words
      Element holder{.name = {}, .text = {}, .attributes = {}, .children = {child}};
      Spans target = spans(holder);
      if (target.empty() && child.name == "LienInterne")
        target.push_back({Span::Kind::sheet_link, "",
                          std::string(child.attribute("LienPublication")),
                          std::string(audience_of(child.attribute("audience"))), ""});
      std::ranges::move(target, std::back_inserter(out.spans));
    } else {
      block(child, out.children);
    }
  }
  return out;
}

// ── links, path, metadata ───────────────────────────────────────────────────────────────────────

Link Builder::link(const Element& e) {
  Link out;
  out.id = e.attribute("ID");
  out.audience = audience_of(e.attribute("audience"));
  out.type = e.attribute("type");
  out.url = e.attribute("URL");
  out.format = e.attribute("format");
  join(out.format, e.attribute("poids"));
  out.language = e.attribute("langue");
  out.condition = condition_of(e);
  out.title = words_of(e.child("Titre") != nullptr ? e.child("Titre") : &e);
  const Element* theme = e.child("Theme") != nullptr ? e.child("Theme") : e.child("Dossier");
  out.theme = words_of(theme);
  out.source = words_of(e.child("Source"));
  out.note = words_of(e.child("Complement"));
  return out;
}

Group Builder::group(const Element& e) {
  Group out;
  out.id = e.attribute("ID");
  out.title = words_of(e.child("Titre") != nullptr ? e.child("Titre") : &e);
  for (const Element& child : e.children) {
    if (child.name == "Fiche")
      out.sheets.push_back(link(child));
    else if (child.name == "SousDossier" || child.name == "SousTheme" || child.name == "Dossier")
      out.groups.push_back(group(child));
  }
  return out;
}

bool Builder::metadata(const Element& e) {
  const std::string_view name = e.name;
  Document& d = document_;
  const std::string words = words_of(&e);
  if (name == "dc:title")
    d.title = words;
  else if (name == "dc:subject")
    d.subject = words;
  else if (name == "dc:description")
    d.description = words;
  else if (name == "dc:contributor")
    d.contributor = words;
  else if (name == "dc:coverage")
    d.territory = words;
  else if (name == "dc:language")
    d.language = text::fold(words);
  else if (name == "dc:date" && words.size() >= 10)
    d.updated = parse_iso_date(std::string_view(words).substr(words.size() - 10));
  else if (name == "Audience") {
    d.audiences.emplace_back(audience_of(words));
    if (d.key.audience.empty()) d.key.audience = d.audiences.front();
  } else if (name == "Cible") {
    d.readers = words;
  } else {
    return name.starts_with("dc:") || name == "SurTitre" || name == "Canal" ||
           name == "RechercheGuidee";
  }
  return true;
}

// Where the sheet stands among the others.
bool Builder::place(const Element& e) {
  const std::string_view name = e.name;
  Document& d = document_;
  if (name == "FilDAriane") {
    for (const Element& step : e.children)
      if (step.name == "Niveau")
        d.path.push_back({std::string(step.attribute("ID")), words_of(&step)});
  } else if (name == "Theme") {  // a resource names one for each of its audiences
    if (d.theme_id.empty() || audience_of(words_of(e.child("Audience"))) == d.key.audience) {
      d.theme = words_of(e.child("Titre"));
      d.theme_id = e.attribute("ID");
    }
  } else if (name == "SousThemePere") {
    d.subtheme = words_of(&e);
    d.subtheme_id = e.attribute("ID");
  } else if (name == "DossierPere") {
    d.dossier = words_of(e.child("Titre"));
    d.dossier_id = e.attribute("ID");
    d.dossier_content = group(e);
  } else if (name == "SousDossierPere") {
    d.subdossier = words_of(&e);
  } else if (name == "SousDossier" || name == "SousTheme" || name == "Dossier") {
    d.dossier_content.groups.push_back(group(e));
  } else if (name == "Fiche" || name == "FicheLiee") {
    d.dossier_content.sheets.push_back(link(e));
  } else {
    return false;
  }
  return true;
}

bool Builder::links(const Element& e) {
  const std::string_view name = e.name;
  Document& d = document_;
  if (name == "QuestionReponse")
    d.questions.push_back(link(e));
  else if (name == "CommentFaireSi")
    d.what_if.push_back(link(e));
  else if (name == "Reference")
    d.references.push_back(link(e));
  else if (name == "ServiceEnLigneAlternatif")
    d.see_also.push_back(link(e));
  else if (name == "PourEnSavoirPlus" || name == "Partenaire" || name == "SiteInternetPublic")
    d.more.push_back(link(e));
  else if (name == "VoirAussi") {
    for (const Element& child : e.children)
      if (!child.name.empty()) d.see_also.push_back(link(child));
  } else if (name == "Definition" || name == "Abreviation") {
    Definition& definition = d.definitions.emplace_back();
    definition.id = e.attribute("ID");
    definition.term = words_of(e.child("Titre"));
    definition.abbreviation = name == "Abreviation";
    for (const Element& child : e.children) {
      if (child.name == "Reference")
        definition.references.push_back(link(child));
      else if (!child.name.empty() && child.name != "Titre")
        block(child, definition.text);
    }
  } else {
    return false;
  }
  return true;
}

// A page of a form or online service: what it offers is the page itself, with its numbers.
void Builder::own_resource(const Element& root) {
  Block own;
  for (const Element& e : root.children) {
    if (e.name == "NumeroCerfa" || e.name == "AutreNumero")
      join(own.number, words_of(&e));
    else if (e.name == "PivotLocal")
      join(own.pivot, words_of(&e));
    else if (e.name == "LienWeb") {
      target_of(e, own);
      own.source = words_of(e.child("Source"));
    }
  }
  if (own.number.empty() && own.url.empty() && own.pivot.empty()) return;
  own.kind = resource_kind(root.name, root.attribute("type"));
  own.id = root.attribute("ID");
  own.style = root.attribute("type");
  own.title = {{Span::Kind::text, document_.title, "", "", ""}};
  document_.resources.push_back(std::move(own));
}

bool one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

void Builder::publication(const Element& root) {
  Document& d = document_;
  d.key.id = root.attribute("ID");
  d.type = root.attribute("type");
  d.url = root.attribute("spUrl");
  d.important_change =
      parse_iso_date(root.attribute("dateDerniereModificationImportante").substr(0, 10));
  d.origin = d.url.contains("service-public.gouv.fr") ? "service-public.gouv.fr (DILA)"
                                                      : "service-public.fr (DILA)";
  d.kind = root.name == "ServiceComplementaire" || d.key.id.starts_with('R')
               ? Document::Kind::resource
               : (d.key.id.starts_with('N') ? Document::Kind::dossier : Document::Kind::sheet);
  for (const Element& e : root.children)
    if (!e.name.empty()) metadata(e);
  own_resource(root);
  static constexpr std::array<std::string_view, 4> kOwn = {"NumeroCerfa", "AutreNumero",
                                                           "PivotLocal", "LienWeb"};
  static constexpr std::array<std::string_view, 6> kBeside = {
      "OuSAdresser",    "OuSAdresserSupport",   "QuiPeutMAider",
      "ServiceEnLigne", "ServiceEnLigneAnnexe", "NoticeLiee"};
  Element loose{.name = {}, .text = {}, .attributes = {}, .children = {}};
  for (const Element& e : root.children) {
    if (e.name.empty() || is_inline(e.name)) {
      loose.children.assign(1, e);
      paragraph(loose, d.body);
    } else if (one_of(e.name, kOwn)) {
      continue;  // read by own_resource
    } else if (e.name.starts_with("dc:") || e.name == "Audience" || e.name == "Cible" ||
               e.name == "SurTitre" || e.name == "Canal" || e.name == "RechercheGuidee") {
      continue;  // read by metadata
    } else if (!place(e) && !links(e)) {
      block(e, one_of(e.name, kBeside) ? d.resources : d.body);
    }
  }
}

}  // namespace

std::expected<Document, Problem> document_from(const Element& root, std::string_view audience) {
  if (root.name != "Publication" && root.name != "ServiceComplementaire")
    return std::unexpected(Problem{"not an official sheet: root element '" + root.name + "'"});
  Document document;
  document.key.audience = audience;
  Builder(document).publication(root);
  if (document.key.id.empty()) return std::unexpected(Problem{"a sheet without an ID"});
  if (document.title.empty()) return std::unexpected(Problem{"a sheet without a title (dc:title)"});
  if (document.key.audience.empty()) document.key.audience = "particuliers";
  std::ranges::sort(document.unknown);
  document.unknown.erase(std::ranges::unique(document.unknown).begin(), document.unknown.end());
  return document;
}

std::expected<Document, Problem> parse_fiche_json(std::string_view bytes,
                                                  std::string_view audience) {
  auto root = element_from_json(bytes);
  if (!root) return std::unexpected(root.error());
  return document_from(*root, audience);
}

std::expected<Document, Problem> parse_fiche_xml(std::string_view bytes,
                                                 std::string_view audience) {
  auto root = element_from_xml(bytes);
  if (!root) return std::unexpected(root.error());
  return document_from(*root, audience);
}

}  // namespace parvis::knowledge
