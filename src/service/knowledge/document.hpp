// One sheet of knowledge with its whole official structure: situations, cases and conditions stay a
// tree, so that no reader sees two branches asserted at once. Pure values; no I/O.
//
// The vocabulary is that of the DILA schemas 3.3 and 3.5 ("Comarquage"); every other source
// (FAQ, Markdown, HTML, services) is expressed in the same tree. docs/glossary.md has the French
// names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace parvis::knowledge {

// A run of text inside a paragraph, title, item or cell.
struct Span {
  enum class Kind : std::uint8_t {
    text,
    strong,       // MiseEnEvidence
    expression,   // Expression: words to be used as they are
    superscript,  // Exposant
    subscript,    // Indice
    value,        // Valeur: an amount, rate or quantity, kept whole
    variable,     // Variable
    quote,        // Citation
    foreign,      // TermeEtranger; target = language
    sheet_link,   // LienInterne; target = sheet id, audience in `audience`
    term_link,    // LienIntra; target = id of a Definition or Abbreviation of this sheet
    web_link,     // LienExterne; target = URL
  };
  Kind kind = Kind::text;
  std::string text;      // empty only for the sheet that a choice leads to
  std::string target;    // see the kinds
  std::string audience;  // of a sheet_link, when the source says it
  std::string note;      // of a link: the source's comment on it (commentaireLien; type of file)
  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

std::string plain(const Spans& spans);  // the words, spaces collapsed; no space is lost or added

// Condition of a situation, case, chapter or fragment.
struct Condition {
  enum class Kind : std::uint8_t { is_true, is_undefined, all, any };  // estVrai estIndefini et ou
  Kind kind = Kind::is_true;
  std::string variable;             // of is_true and is_undefined ("T10576")
  std::vector<Condition> operands;  // of all and any
  bool operator==(const Condition&) const = default;
};

struct Block {
  enum class Kind : std::uint8_t {
    paragraph,  // spans
    list,       // children: item; `style` = puce | numero…
    item,       // children: blocks
    table,      // children: row; title = its title, `text` = summary (Resume)
    row,        // children: cell; `style` = "header" for a heading row
    cell,       // children: blocks; span_columns, span_rows; `style` = "header" in a heading column
    chapter,    // title, children; `text` = another title (TitreAlternatif)
    subchapter,    // title, children
    situations,    // ListeSituations: children: situation; exactly one applies to a reader
    situation,     // title, condition, children
    cases,         // BlocCas: children: case_; `style` = radio | onglet, modalite…; one applies
    case_,         // Cas: title, condition, children; `style` = enLigne | surPlace | parCorres
    conditional,   // FragmentConditionne: condition, children
    note,          // ANoter
    know,          // ASavoir
    attention,     // Attention
    reminder,      // Rappel
    example,       // Exemple
    help,          // Aide: a hint beside a choice
    warning,       // Avertissement: a notice on the whole sheet; `text` = its date
    online,        // ServiceEnLigne of type Téléservice: title, id, url, source; a page elsewhere
                   // with what the sheet says of it (LienExterneCommente)
    form,          // ServiceEnLigne of type Formulaire…: title, id, url, number (cerfa), source
    notice_link,   // NoticeLiee: title, url, number
    template_,     // ServiceEnLigne: model letter
    tool,          // ServiceEnLigne: simulator, search module
    contact,       // OuSAdresser, QuiPeutMAider: title, id, url, pivot, source; `style` = its type;
                   // `text` = what for (Complement); children: text
    illustration,  // Image, Illustration: text = alternative, title = caption, source = credits
    question,      // Question, Problematiques: title = the question (or none), children: choice
    choice,        // Problematique, Branche, Choix: title, sets, `text` = its words once chosen;
                   // the sheet it leads to in spans; children: choices that refine it, help
    group,         // a container with a condition or title of its own (Texte, Contenu…)
    unknown,       // an element this version does not know: `style` = its name, children; reported
  };
  Kind kind = Kind::paragraph;
  std::string id;  // of a chapter, resource, contact…
  Spans title;
  Spans spans;  // text of a paragraph
  std::vector<Block> children;
  std::optional<Condition> condition;
  std::string url;
  std::string style;              // the source's own type or presentation word
  std::string pivot;              // PivotLocal: keys of the directory ("mairie", "caf, msa")
  std::string source;             // who publishes a linked resource
  std::string text;               // see the kinds
  std::string number;             // form number (cerfa) or other number
  std::string format;             // of a linked file, with its weight ("application/pdf, 142.3 KB")
  std::string language;           // of a linked resource, when not French
  std::vector<std::string> sets;  // variables that a choice makes true ("T10576"), "!T…" false
  std::uint16_t span_columns = 1;
  std::uint16_t span_rows = 1;
  bool operator==(const Block&) const = default;
};
using Blocks = std::vector<Block>;

std::string_view name(Block::Kind kind);  // "paragraph", "case"…: stable, as stored

// A pointer to another sheet or to a resource outside.
struct Link {
  std::string id;        // sheet id, or empty
  std::string audience;  // when the source says it
  std::string title;
  std::string url;
  std::string type;      // the source's own ("Texte de référence", "Fiche d'information")
  std::string theme;     // theme or dossier of the sheet it leads to, when given
  std::string source;    // who publishes it
  std::string note;      // Complement
  std::string format;    // of a linked file, with its weight
  std::string language;  // of what it leads to, when not French
  std::optional<Condition> condition;
  bool operator==(const Link&) const = default;
};

struct Definition {  // Definition, Abreviation
  std::string id;
  std::string term;
  Blocks text;
  bool abbreviation = false;
  std::vector<Link> references;
  bool operator==(const Definition&) const = default;
};

struct PathStep {  // FilDAriane, from the audience's home to the sheet itself
  std::string id;
  std::string title;
  bool operator==(const PathStep&) const = default;
};

struct Group {  // SousDossier / SousTheme / Dossier of a dossier page, or of DossierPere
  std::string id;
  std::string title;
  std::vector<Link> sheets;
  std::vector<Group> groups;
  bool operator==(const Group&) const = default;
};

// The key of a document: the same id exists in several audiences with different content.
struct DocumentKey {
  std::string audience;  // "particuliers" | "professionnels" | "associations" | "local"
  std::string id;        // "F1342", "N358", "R1406"; a local sheet's own id
  auto operator<=>(const DocumentKey&) const = default;
  bool is_local() const { return audience == "local"; }
};

struct Document {
  enum class Kind : std::uint8_t {
    sheet,     // F: fiche (information, question-réponse, comment faire si…)
    dossier,   // N: theme or dossier page that groups sheets
    resource,  // R: online service, form, simulator, model letter
    faq,       // a question and its answer from a FAQ file
    local,     // a town's own sheet
    service,   // a service of the directory, as a page that can be found and cited
  };
  Kind kind = Kind::sheet;
  DocumentKey key;
  std::string title;
  std::string type;                           // the source's own ("Fiche Question-réponse")
  std::string description;                    // dc:description
  std::string subject;                        // dc:subject
  std::string url;                            // official page; empty when there is none
  std::optional<CivilDate> updated;           // dc:date
  std::optional<CivilDate> important_change;  // dateDerniereModificationImportante
  std::string language = "fr";
  std::string origin;                  // "service-public.fr (DILA)", the town's name, the file…
  std::string contributor;             // dc:contributor: the authorities that answer for it
  std::vector<std::string> audiences;  // Audience: the same page may be for several
  std::string readers;                 // Cible ("Locataire, Propriétaire")
  std::string territory;               // dc:coverage, or INSEE codes of a local sheet
  std::vector<PathStep> path;
  std::string theme, subtheme, dossier, subdossier;  // titles
  std::string theme_id, subtheme_id, dossier_id;
  Group dossier_content;  // siblings: DossierPere of a sheet, content of a dossier
  Blocks body;            // introduction, then situations or text
  std::vector<Definition> definitions;
  std::vector<Link> questions;         // QuestionReponse
  std::vector<Link> what_if;           // CommentFaireSi
  std::vector<Link> see_also;          // VoirAussi, ServiceEnLigneAlternatif
  std::vector<Link> references;        // Reference: legal basis
  std::vector<Link> more;              // PourEnSavoirPlus, Partenaire
  Blocks resources;                    // sheet-level online services, forms, contacts
  std::vector<std::string> completes;  // ids of national sheets that a local one completes
  std::vector<std::string> overrides;  // ids that it replaces
  std::vector<std::string> communes;   // INSEE codes it holds for; empty = the whole tenant
  std::vector<std::string> asked;      // how people ask for a local one, in their words
  std::vector<std::string> unknown;    // element names kept as plain blocks; reported at import
  bool operator==(const Document&) const = default;
};

// What it is filed under: stable hashes of its theme, subtheme and dossier, 0 where it has none.
using Filed = std::array<std::uint32_t, 3>;
Filed filed_under(const Document& document);

// Lossless: from_json(to_json(d)) == d. The form in which a document is stored.
std::string to_json(const Document& document);
std::optional<Document> from_json(std::string_view json);

// Depth-first visit of `blocks` with the chain of ancestors. `enter(block, ancestors)` returns
// whether to go into its children.
template <typename Enter>
void walk(const Blocks& blocks, std::vector<const Block*>& ancestors, Enter&& enter) {
  for (const Block& block : blocks) {
    if (!enter(block, ancestors)) continue;
    ancestors.push_back(&block);
    walk(block.children, ancestors, enter);
    ancestors.pop_back();
  }
}

}  // namespace parvis::knowledge
