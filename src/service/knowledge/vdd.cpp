#include "knowledge/vdd.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "text/normalise.hpp"

// The builder goes down the element tree once. A name it knows becomes a block, a link or a field;
// one it does not know becomes Block::unknown with its words, and its name is kept in
// Document::unknown for the report of the import.

namespace parvis::knowledge {
namespace {

using namespace std::string_view_literals;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// White space of the source is layout; no-break spaces are typography and stay.
std::string collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c))
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void words_of(const Element& element, std::string& out) {
  if (element.name.empty()) out.append(element.text);
  for (const Element& child : element.children) words_of(child, out);
}

std::string words_of(const Element* element) {
  std::string out;
  if (element != nullptr) words_of(*element, out);
  return collapse(out);
}

// A letter or digit at the edge of a run: two such edges that touch are two words run together
// ("travail|avant" stands in about 109 places of the corpus).
bool word_edge(std::string_view text, bool last) {
  if (text.empty()) return false;
  const auto c = static_cast<unsigned char>(last ? text.back() : text.front());
  return std::isalnum(c) != 0 || c >= 0x80;
}

std::string_view audience_of(std::string_view words) {
  if (words == "Particuliers") return "particuliers";
  if (words == "Professionnels") return "professionnels";
  if (words == "Associations") return "associations";
  return words;
}

class Builder {
 public:
  explicit Builder(Document& document) : document_(document) {}

  void publication(const Element& root);

 private:
  void metadata(const Element& e);
  void spans(const Element& parent, Spans& out, Span::Kind kind = Span::Kind::text,
             std::string_view target = {}, std::string_view audience = {});
  Spans title_of(const Element& parent);
  void blocks(const Element& parent, Blocks& out, bool skip_title = true);
  void block(const Element& e, Blocks& out);
  Block container(const Element& e, Block::Kind kind);
  Block resource(const Element& e);
  Block contact(const Element& e);
  void questionnaire(const Element& e, Blocks& out);
  void choice(const Element& e, Block& into);
  std::optional<Condition> condition_of(const Element& e);
  Condition condition(const Element& e);
  Link link(const Element& e);
  Group group(const Element& e);
  void unknown(const Element& e, Blocks& out);

  Document& document_;
};

// ── inline text ─────────────────────────────────────────────────────────────────────────────────

struct InlineName {
  std::string_view name;
  Span::Kind kind;
  std::string_view target;  // attribute that holds it
};
constexpr std::array kInline = {
    InlineName{"MiseEnEvidence", Span::Kind::strong, ""},
    InlineName{"Expression", Span::Kind::expression, ""},
    InlineName{"Exposant", Span::Kind::superscript, ""},
    InlineName{"Indice", Span::Kind::subscript, ""},
    InlineName{"Valeur", Span::Kind::value, ""},
    InlineName{"Variable", Span::Kind::variable, ""},
    InlineName{"Citation", Span::Kind::quote, ""},
    InlineName{"TermeEtranger", Span::Kind::foreign, "langue"},
    InlineName{"LienInterne", Span::Kind::sheet_link, "LienPublication"},
    InlineName{"LienIntra", Span::Kind::term_link, "LienID"},
    InlineName{"LienExterne", Span::Kind::web_link, "URL"},
};

const InlineName* inline_name(std::string_view name) {
  const auto at = std::ranges::find(kInline, name, &InlineName::name);
  return at == kInline.end() ? nullptr : &*at;
}

bool outranks(Span::Kind outer) {  // a link stays a link whatever stands inside it
  return outer == Span::Kind::sheet_link || outer == Span::Kind::term_link ||
         outer == Span::Kind::web_link;
}

void Builder::spans(const Element& parent, Spans& out, Span::Kind kind, std::string_view target,
                    std::string_view audience) {
  bool first = true;
  for (const Element& child : parent.children) {
    if (child.name.empty()) {
      std::string run = child.text;
      std::ranges::replace_if(run, is_space, ' ');
      const bool join = !out.empty() && out.back().kind == kind && out.back().target == target;
      if (!run.empty() && !out.empty() && !join && first && kind != Span::Kind::superscript &&
          kind != Span::Kind::subscript && out.back().kind != Span::Kind::superscript &&
          out.back().kind != Span::Kind::text && kind != Span::Kind::text &&
          word_edge(out.back().text, true) && word_edge(run, false))
        out.push_back({Span::Kind::text, " ", "", ""});
      if (!run.empty())
        out.push_back({kind, std::move(run), std::string(target), std::string(audience)});
      first = false;
      continue;
    }
    if (child.name == "Paragraphe" || child.name == "Titre") {  // a title holds one or several
      if (!out.empty() && !first) out.push_back({Span::Kind::text, " ", "", ""});
      spans(child, out, kind, target, audience);
    } else if (child.name == "Image" || child.name == "Illustration") {
      out.push_back({Span::Kind::image, words_of(child.child("TexteDeRemplacement")),
                     std::string(child.attribute("LienPublication")), ""});
    } else if (const InlineName* known = inline_name(child.name)) {
      if (outranks(kind))
        spans(child, out, kind, target, audience);
      else
        spans(child, out, known->kind,
              known->target.empty() ? ""sv : child.attribute(known->target),
              audience_of(child.attribute("audience")));
    } else {
      document_.unknown.push_back(child.name);
      spans(child, out, kind, target, audience);
    }
    first = false;
  }
}

// Spaces at the ends of a paragraph and doubled between spans are layout.
Spans tidy(Spans spans) {
  Spans out;
  for (Span& span : spans) {
    if (span.kind == Span::Kind::image) {
      out.push_back(std::move(span));
      continue;
    }
    std::string text;
    const bool after_space = out.empty() || out.back().text.ends_with(' ');
    for (const char c : span.text)
      if (c != ' ' || (text.empty() ? !after_space : text.back() != ' ')) text.push_back(c);
    if (text.empty()) continue;
    span.text = std::move(text);
    const bool join = !out.empty() && out.back().kind == span.kind &&
                      out.back().target == span.target && out.back().audience == span.audience;
    if (join)
      out.back().text.append(span.text);
    else
      out.push_back(std::move(span));
  }
  if (!out.empty() && out.back().text.ends_with(' ')) {
    out.back().text.pop_back();
    if (out.back().text.empty() && out.back().kind != Span::Kind::image) out.pop_back();
  }
  return out;
}

Spans Builder::title_of(const Element& parent) {
  Spans out;
  if (const Element* title = parent.child("Titre")) spans(*title, out);
  return tidy(std::move(out));
}

// ── conditions ──────────────────────────────────────────────────────────────────────────────────

Condition Builder::condition(const Element& e) {
  Condition out;
  if (e.name == "estVrai" || e.name == "estIndefini") {
    out.kind = e.name == "estVrai" ? Condition::Kind::is_true : Condition::Kind::is_undefined;
    out.variable = e.attribute("var");
    return out;
  }
  out.kind = e.name == "ou" ? Condition::Kind::any : Condition::Kind::all;
  for (const Element& child : e.children)
    if (!child.name.empty()) out.operands.push_back(condition(child));
  if (e.name == "Condition" && out.operands.size() == 1) return Condition(out.operands.front());
  return out;
}

std::optional<Condition> Builder::condition_of(const Element& e) {
  const Element* c = e.child("Condition");
  if (c == nullptr) return std::nullopt;
  return condition(*c);
}

// ── blocks ──────────────────────────────────────────────────────────────────────────────────────

const std::unordered_map<std::string_view, Block::Kind>& containers() {
  static const std::unordered_map<std::string_view, Block::Kind> map = {
      {"Liste", Block::Kind::list},
      {"Item", Block::Kind::item},
      {"Tableau", Block::Kind::table},
      {"Rangée", Block::Kind::row},
      {"Cellule", Block::Kind::cell},
      {"Chapitre", Block::Kind::chapter},
      {"SousChapitre", Block::Kind::subchapter},
      {"ListeSituations", Block::Kind::situations},
      {"Situation", Block::Kind::situation},
      {"BlocCas", Block::Kind::cases},
      {"Cas", Block::Kind::case_},
      {"FragmentConditionne", Block::Kind::conditional},
      {"ANoter", Block::Kind::note},
      {"ASavoir", Block::Kind::know},
      {"Attention", Block::Kind::attention},
      {"Rappel", Block::Kind::reminder},
      {"Aide", Block::Kind::know},
      {"Avertissement", Block::Kind::warning},
      {"Texte", Block::Kind::group},
      {"Introduction", Block::Kind::group},
      {"Contenu", Block::Kind::group},
      {"ContenuIllustre", Block::Kind::group},
      {"Description", Block::Kind::group},
      {"Commentaire", Block::Kind::group},
  };
  return map;
}

std::uint16_t span_count(std::string_view text) {
  std::uint16_t value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp<std::uint16_t>(value, 1, 100);
}

Block Builder::container(const Element& e, Block::Kind kind) {
  Block out;
  out.kind = kind;
  out.id = e.attribute("ID");
  out.title = title_of(e);
  out.condition = condition_of(e);
  out.style = e.attribute("affichage").empty() ? e.attribute("type") : e.attribute("affichage");
  if (kind == Block::Kind::warning) out.text = e.attribute("date");
  if (kind == Block::Kind::cell) {
    out.span_columns = span_count(e.attribute("fusionHorizontale"));
    out.span_rows = span_count(e.attribute("fusionVerticale"));
  }
  blocks(e, out.children);
  return out;
}

void Builder::blocks(const Element& parent, Blocks& out, bool skip_title) {
  Spans loose;  // text that stands beside blocks, without a paragraph of its own
  auto flush = [&] {
    loose = tidy(std::move(loose));
    if (!loose.empty()) {
      Block& paragraph = out.emplace_back();
      paragraph.spans = std::move(loose);
    }
    loose.clear();
  };
  for (const Element& child : parent.children) {
    if (child.name.empty() || inline_name(child.name) != nullptr) {
      Element holder;
      holder.children.push_back(child);
      spans(holder, loose);
      continue;
    }
    if ((child.name == "Titre" && skip_title) || child.name == "Condition" ||
        child.name == "Colonne")
      continue;
    flush();
    block(child, out);
  }
  flush();
}

void Builder::unknown(const Element& e, Blocks& out) {
  Block kept;
  kept.kind = Block::Kind::unknown;
  kept.style = e.name;
  kept.url = e.attribute("URL");
  kept.title = title_of(e);
  std::string words;
  for (const Element& child : e.children)
    if (child.name != "Titre") {
      words_of(child, words);
      words.push_back(' ');
    }
  kept.text = collapse(words);
  document_.unknown.push_back(e.name);
  out.push_back(std::move(kept));
}

void Builder::block(const Element& e, Blocks& out) {
  if (e.name == "Paragraphe") {
    Block paragraph;
    spans(e, paragraph.spans);
    paragraph.spans = tidy(std::move(paragraph.spans));
    if (!paragraph.spans.empty()) out.push_back(std::move(paragraph));
  } else if (e.name == "TitreAlternatif") {
    Block paragraph;
    paragraph.style = "alternative-title";
    spans(e, paragraph.spans);
    paragraph.spans = tidy(std::move(paragraph.spans));
    if (!paragraph.spans.empty()) out.push_back(std::move(paragraph));
  } else if (e.name == "Resume") {
    Block paragraph;
    paragraph.style = "summary";
    spans(e, paragraph.spans);
    paragraph.spans = tidy(std::move(paragraph.spans));
    if (!paragraph.spans.empty()) out.push_back(std::move(paragraph));
  } else if (e.name == "OuSAdresser" || e.name == "OuSAdresserSupport") {
    out.push_back(contact(e));
  } else if (e.name == "ServiceEnLigne" || e.name == "ServiceEnLigneAnnexe" ||
             e.name == "ServiceEnLigneAlternatif" || e.name == "NoticeLiee" ||
             e.name == "LienWeb") {
    out.push_back(resource(e));
  } else if (e.name == "Image" || e.name == "Illustration") {
    Block image;
    image.kind = Block::Kind::illustration;
    image.url = e.attribute("LienPublication");
    image.format =
        collapse(std::string(e.attribute("format")) + " " + std::string(e.attribute("poids")));
    image.text = words_of(e.child("TexteDeRemplacement"));
    image.source = words_of(e.child("Credits"));
    if (const Element* caption = e.child("Legende")) spans(*caption, image.title);
    image.title = tidy(std::move(image.title));
    if (const Element* description = e.child("Description")) blocks(*description, image.children);
    out.push_back(std::move(image));
  } else if (e.name == "Problematiques" || e.name == "Questionnaire") {
    questionnaire(e, out);
  } else if (const auto at = containers().find(e.name); at != containers().end()) {
    Block inner = container(e, at->second);
    // A transparent container without a condition or title of its own only adds depth.
    if (inner.kind == Block::Kind::group && !inner.condition && inner.title.empty())
      std::ranges::move(inner.children, std::back_inserter(out));
    else
      out.push_back(std::move(inner));
  } else {
    unknown(e, out);
  }
}

// "Téléservice", "Formulaire", "Modèle de document", "Simulateur", "Module de recherche"…
Block::Kind resource_kind(const Element& e) {
  const std::string type = text::fold(e.attribute("type"));
  if (e.name == "NoticeLiee") return Block::Kind::notice_link;
  if (type.contains("formulaire")) return Block::Kind::form;
  if (type.contains("modele")) return Block::Kind::template_;
  if (type.contains("simulateur") || type.contains("recherche") || type.contains("calcul"))
    return Block::Kind::tool;
  return Block::Kind::online;
}

Block Builder::resource(const Element& e) {
  Block out;
  out.kind = resource_kind(e);
  out.id = e.attribute("ID");
  out.url = e.attribute("URL");
  out.style = e.attribute("type");
  out.language = e.attribute("langue");
  out.format = e.attribute("format");
  if (!e.attribute("poids").empty()) out.format.append(", ").append(e.attribute("poids"));
  out.number = e.attribute("numerocerfa");
  if (!e.attribute("autrenumero").empty())
    out.number.append(out.number.empty() ? "" : ", ").append(e.attribute("autrenumero"));
  out.condition = condition_of(e);
  out.text = e.attribute("commentaireLien");
  out.title = title_of(e);
  for (const Element& child : e.children) {
    if (child.name == "Titre" || child.name == "Condition") continue;
    if (child.name == "Source")
      out.source = words_of(&child);
    else if (child.name == "PivotLocal")
      out.pivot = words_of(&child);
    else if (child.name.empty()) {
      const std::string words = collapse(child.text);
      if (!words.empty()) out.title.push_back({Span::Kind::text, words, "", ""});
    } else
      block(child, out.children);
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
    if (child.name == "Titre" || child.name == "Condition") continue;
    if (child.name == "PivotLocal") {
      out.pivot.append(out.pivot.empty() ? "" : " ").append(words_of(&child));
    } else if (child.name == "RessourceWeb") {
      out.url = child.attribute("URL");
      out.language = child.attribute("langue");
    } else if (child.name == "Source") {
      out.source = words_of(&child);
    } else if (child.name == "Complement") {
      out.text = words_of(&child);
    } else if (child.name.empty()) {
      const std::string words = collapse(child.text);
      if (!words.empty()) out.title.push_back({Span::Kind::text, words, "", ""});
    } else {
      block(child, out.children);
    }
  }
  return out;
}

// Questions that lead to a sheet or fix variables: Problematiques/Problematique/Branche and
// Questionnaire/Question/Choix.
void Builder::questionnaire(const Element& e, Blocks& out) {
  for (const Element& child : e.children) {
    if (child.name.empty() || child.name == "Titre") continue;
    if (child.name != "Problematique" && child.name != "Question") {
      block(child, out);
      continue;
    }
    Block question;
    question.kind = Block::Kind::question;
    question.id = child.attribute("ID");
    question.style = child.name;
    choice(child, question);
    out.push_back(std::move(question));
  }
}

void Builder::choice(const Element& e, Block& into) {
  into.title = title_of(e);
  Spans loose;
  for (const Element& child : e.children) {
    if (child.name == "Titre" || child.name == "IntituleSiSelectionne") {
      if (child.name != "Titre") {
        Block label;
        label.style = "label-if-chosen";
        spans(child, label.spans);
        label.spans = tidy(std::move(label.spans));
        into.children.push_back(std::move(label));
      }
    } else if (child.name == "Branche" || child.name == "Choix") {
      Block inner;
      inner.kind = Block::Kind::choice;
      inner.id = child.attribute("ID");
      choice(child, inner);
      into.children.push_back(std::move(inner));
    } else if (child.name == "SiSelectionne") {
      for (const Element& effect : child.children) {
        if (effect.name == "affecteVrai")
          into.sets.emplace_back(effect.attribute("var"));
        else if (effect.name == "affecteFaux")
          into.sets.push_back("!" + std::string(effect.attribute("var")));
        else if (!effect.name.empty())
          block(effect, into.children);
      }
    } else if (child.name.empty() || inline_name(child.name) != nullptr) {
      Element holder;
      holder.children.push_back(child);
      spans(holder, loose);
    } else {
      block(child, into.children);
    }
  }
  into.spans = tidy(std::move(loose));
}

// ── links, path, metadata ───────────────────────────────────────────────────────────────────────

Link Builder::link(const Element& e) {
  Link out;
  out.id = e.attribute("ID");
  out.audience = audience_of(e.attribute("audience"));
  out.url = e.attribute("URL");
  out.condition = condition_of(e);
  out.title = words_of(e.child("Titre"));
  if (out.title.empty()) out.title = words_of(&e);
  if (const Element* theme = e.child("Theme")) out.theme = words_of(theme);
  out.source = words_of(e.child("Source"));
  out.note = words_of(e.child("Complement"));
  if (const Element* comment = e.child("Commentaire")) out.note = words_of(comment);
  if (!e.attribute("type").empty() && out.note.empty() && e.name != "Reference")
    out.note = e.attribute("type");
  return out;
}

Group Builder::group(const Element& e) {
  Group out;
  out.id = e.attribute("ID");
  out.title = words_of(e.child("Titre"));
  for (const Element& child : e.children) {
    if (child.name == "Fiche")
      out.sheets.push_back(link(child));
    else if (child.name == "SousDossier" || child.name == "SousTheme" || child.name == "Dossier")
      out.groups.push_back(group(child));
  }
  return out;
}

void Builder::metadata(const Element& e) {
  const std::string words = words_of(&e);
  const std::string_view name = e.name;
  if (name == "dc:title")
    document_.title = words;
  else if (name == "dc:subject")
    document_.subject = words;
  else if (name == "dc:description")
    document_.description = words;
  else if (name == "dc:contributor")
    document_.contributor = words;
  else if (name == "dc:coverage")
    document_.territory = words;
  else if (name == "dc:type")
    document_.type = words;
  else if (name == "dc:date" && words.size() >= 10)
    document_.updated = parse_iso_date(std::string_view(words).substr(words.size() - 10));
}

void Builder::publication(const Element& root) {
  Document& d = document_;
  d.key.id = root.attribute("ID");
  d.url = root.attribute("spUrl");
  d.important_change = parse_iso_date(root.attribute("dateDerniereModificationImportante"));
  d.origin = "service-public.fr (DILA)";
  d.kind = root.name == "ServiceComplementaire" || d.key.id.starts_with('R')
               ? Document::Kind::resource
               : (d.key.id.starts_with('N') ? Document::Kind::dossier : Document::Kind::sheet);
  for (const Element& e : root.children) {
    const std::string_view name = e.name;
    if (name.empty()) continue;
    if (name.starts_with("dc:"))
      metadata(e);
    else if (name == "SurTitre" || name == "Canal" || name == "RechercheGuidee" || name == "Cible")
      continue;  // editorial routing; says nothing to a reader
    else if (name == "Audience") {
      if (d.key.audience.empty()) d.key.audience = audience_of(words_of(&e));
    } else if (name == "FilDAriane") {
      for (const Element& step : e.children)
        if (step.name == "Niveau")
          d.path.push_back({std::string(step.attribute("ID")), words_of(&step)});
    } else if (name == "Theme") {
      d.theme = words_of(e.child("Titre"));
      d.theme_id = e.attribute("ID");
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
      const Element* inner = e.child("Dossier");
      Link l = link(e);
      if (inner != nullptr && l.title.empty()) l.title = words_of(inner);
      d.dossier_content.sheets.push_back(std::move(l));
    } else if (name == "Definition" || name == "Abreviation") {
      Definition definition;
      definition.id = e.attribute("ID");
      definition.term = words_of(e.child("Titre"));
      definition.abbreviation = name == "Abreviation";
      for (const Element& child : e.children) {
        if (child.name == "Reference")
          definition.references.push_back(link(child));
        else if (!child.name.empty() && child.name != "Titre")
          block(child, definition.text);
      }
      d.definitions.push_back(std::move(definition));
    } else if (name == "QuestionReponse") {
      d.questions.push_back(link(e));
    } else if (name == "CommentFaireSi") {
      d.what_if.push_back(link(e));
    } else if (name == "VoirAussi") {
      for (const Element& child : e.children)
        if (!child.name.empty()) d.see_also.push_back(link(child));
    } else if (name == "Reference") {
      d.references.push_back(link(e));
    } else if (name == "PourEnSavoirPlus" || name == "Partenaire") {
      d.more.push_back(link(e));
    } else if (name == "LienExterneCommente") {
      Link l = link(e);
      if (const Element* target = e.child("LienExterne")) {
        l.url = target->attribute("URL");
        l.title = words_of(target);
      }
      d.more.push_back(std::move(l));
    } else if (name == "OuSAdresser" || name == "ServiceEnLigne") {
      block(e, d.resources);
    } else if (name == "NumeroCerfa" || name == "AutreNumero") {
      Block number;
      number.style = "number";
      number.number = words_of(&e);
      number.spans.push_back({Span::Kind::text, number.number, "", ""});
      d.body.push_back(std::move(number));
    } else if (name == "PivotLocal") {
      continue;
    } else {
      block(e, d.body);
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
