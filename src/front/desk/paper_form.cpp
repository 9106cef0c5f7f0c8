#include "desk/paper_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pdf/parts.hpp"
#include "portal/on_paper.hpp"
#include "procedure/form.hpp"

namespace parvis::desk {
namespace {

using pdf::Blank;
using pdf::Fact;
using pdf::Heading;
using pdf::List;
using pdf::Paragraph;
using pdf::plain;
using pdf::Section;
using pdf::Tone;
using procedure::Definition;
using procedure::Document;
using procedure::Field;
using procedure::Option;
using procedure::Page;
using procedure::Silence;
using procedure::Source;
using procedure::Type;

class Paper {
 public:
  explicit Paper(const Definition& definition) : definition_(definition), numbers_(definition) {}

  std::vector<Section> whole(const directory::Service* office) {
    sections_.clear();
    to(office);
    who();
    documents();
    std::size_t number = 0;
    for (const procedure::Step& step : definition_.steps) {
      if (std::ranges::none_of(step.pages, portal::is_told)) continue;
      section(step.title);
      for (const Page& page : step.pages)
        if (portal::is_told(page)) question(page, ++number);
    }
    section("Date et signature");
    add(Blank{2});
    law();
    return std::move(sections_);
  }

 private:
  std::string words(std::string_view text) const {
    return procedure::filled_in(definition_, text, {});
  }
  template <typename Block>
  void add(Block block) {
    sections_.back().blocks.emplace_back(std::move(block));
  }
  void section(std::string title, pdf::Frame frame = pdf::Frame::none) {
    sections_.push_back({.blocks = {}, .frame = frame});
    if (!title.empty()) add(Heading{.level = 2, .text = std::move(title)});
  }
  void paragraph(std::string text, Tone tone = Tone::plain) {
    if (!text.empty()) add(Paragraph{.words = plain(std::move(text)), .tone = tone});
  }
  void fact(std::string label, std::string value) {
    if (!value.empty()) add(Fact{std::move(label), plain(std::move(value))});
  }

  void to(const directory::Service* office) {
    section("");
    paragraph(definition_.summary);
    section("À envoyer ou à déposer", pdf::Frame::ruled);
    if (office == nullptr) {
      paragraph("À votre mairie.");
    } else {
      fact("Service", office->name);
      std::string address;
      for (const std::string& line : office->address)
        address.append(address.empty() ? "" : ", ").append(line);
      if (!office->city.empty())
        address.append(address.empty() ? "" : ", ")
            .append(office->postcode)
            .append(office->postcode.empty() ? "" : " ")
            .append(office->city);
      fact("Adresse", std::move(address));
      for (const directory::Phone& phone : office->phones)
        fact(phone.label.empty() ? "Téléphone" : phone.label, phone.number);
      fact("E-mail", office->email);
    }
    fact("Coût", definition_.cost);
  }

  void who() {
    if (definition_.who.empty()) return;
    section("Pour qui");
    paragraph("Dans ces cas, la démarche n’est pas pour vous\u00a0:");
    List list;
    for (const procedure::Check& check : definition_.who)
      list.items.push_back(plain(words(check.message)));
    add(std::move(list));
  }

  void documents() {
    List asked{.items = {}, .boxes = true}, held, fetched;
    for (const Document& document : definition_.documents) {
      std::string line = document.label;
      if (document.optional) line.append(" (facultatif)");
      if (!document.when_words.empty()) line.append(", ").append(document.when_words);
      if (!document.help.empty()) line.append("\n").append(document.help);
      (document.source == Source::citizen ? asked
       : document.source == Source::held  ? held
                                          : fetched)
          .items.push_back(plain(std::move(line)));
    }
    section("Pièces à apporter ou à joindre");
    if (asked.items.empty())
      paragraph("Vous n’avez aucune pièce à donner.");
    else
      add(std::move(asked));
    const auto others = [&](std::string_view title, std::string_view why, List list) {
      if (list.items.empty()) return;
      add(Heading{.level = 3, .text = std::string(title)});
      paragraph(std::string(why));
      add(std::move(list));
    };
    others("Vous n’avez pas à les donner", "La mairie les a déjà, ou les demande.",
           std::move(held));
    others("La mairie les demande pour vous",
           "À une autre administration. Vous pouvez voir et corriger ces données.",
           std::move(fetched));
  }

  void question(const Page& page, std::size_t number) {
    const Field* only = portal::only_field(page);
    const bool alone = only != nullptr;
    add(Heading{.level = 3,
                .text = fmt::format("{}. {}{}", number, words(alone ? only->label : page.title),
                                    alone && only->optional ? " (facultatif)" : "")});
    condition(page.when || !alone ? page.when : only->when);
    paragraph(words(alone ? only->hint : page.hint), Tone::small);
    for (const Field& field : page.fields)
      if (page.title.empty())
        answer(field);
      else
        part(field);
  }

  void condition(const procedure::Expression& when_asked) {
    const std::string said = numbers_.condition(when_asked);
    if (!said.empty())
      add(Paragraph{{{.text = "Répondez seulement " + said + ".", .strong = true}}});
  }

  void part(const Field& field) {
    if (field.type == Type::computed) return;
    add(Paragraph{{{.text = words(field.label), .strong = true},
                   {.text = field.optional ? " (facultatif)" : ""}}});
    condition(field.when);
    paragraph(words(field.hint), Tone::small);
    answer(field);
  }

  void boxes(std::vector<std::string> lines) {
    List list{.items = {}, .boxes = true};
    for (std::string& line : lines) list.items.push_back(plain(std::move(line)));
    add(std::move(list));
  }

  void choices(const Field& field) {
    if (field.options.size() > portal::kOptionsOnPaper) return add(Blank{});
    std::vector<std::string> lines;
    for (const Option& option : field.options) {
      const std::string only = numbers_.condition(option.when);
      lines.push_back(words(option.label) + (only.empty() ? "" : ", " + only));
    }
    boxes(std::move(lines));
  }

  void repeated(const Field& field) {
    for (std::size_t i = 1; i <= portal::times_on_paper(field); ++i) {
      add(Paragraph{{{.text = fmt::format("N°\u00a0{}", i), .strong = true}}});
      for (const Field& each : field.fields) part(each);
    }
    paragraph("Plus de lignes\u202f? Joignez une feuille.", Tone::small);
  }

  void answer(const Field& field) {
    switch (field.type) {
      case Type::computed:
        return;
      case Type::note:
        return paragraph(words(field.help));
      case Type::long_text:
        return add(Blank{static_cast<int>(portal::kLinesOnPaper)});
      case Type::date:
        paragraph("Jour, mois, année.", Tone::small);
        return add(Blank{});
      case Type::yes_no:
        return boxes({"Oui", "Non"});
      case Type::choice:
      case Type::choices:
        return choices(field);
      case Type::attestation:
        return boxes({words(field.label)});
      case Type::file:
        return boxes({field.files.count > 1 ? "Je joins ces documents." : "Je joins ce document."});
      case Type::appointment:
        paragraph(
            "Prenez ce rendez-vous au guichet ou par téléphone, auprès du service nommé en haut de "
            "ce formulaire. Notez ici le jour et l’heure.");
        return add(Blank{});
      case Type::address:
      case Type::person:
      case Type::block:
        for (const Field& each : field.fields) part(each);
        return;
      case Type::repeat:
        return repeated(field);
      default:
        return add(Blank{});
    }
  }

  void law() {
    const procedure::Clock& clock = definition_.clock;
    const std::string delay = procedure::words(clock.delay);
    section("Ce que dit la loi", pdf::Frame::ruled);
    paragraph("Vous recevez un accusé de réception (CRPA, article L112-3).");
    paragraph(clock.silence == Silence::none
                  ? fmt::format("La mairie vous répond dans un délai de {} au plus.", delay)
                  : fmt::format("Sans réponse dans un délai de {}, votre demande est {}.", delay,
                                clock.silence == Silence::accepts ? "acceptée" : "refusée"));
    if (clock.from_complete) paragraph("Ce délai part du jour où votre dossier est complet.");
    if (!clock.basis.empty()) paragraph("Texte\u00a0: " + clock.basis, Tone::small);
    paragraph(
        "S’il manque une pièce, la mairie vous la demande et vous dit jusqu’à quand la donner "
        "(CRPA, article L114-5).");
    if (const auto appeals = definition_.texts.find("appeals"); appeals != definition_.texts.end())
      paragraph(words(appeals->second));
    add(Heading{.level = 3, .text = "Vos données"});
    paragraph(
        fmt::format("Vos réponses servent à traiter cette demande. Ce qui n’est pas marqué "
                    "« facultatif » est nécessaire. Elles sont gardées {} après la fin du dossier.",
                    procedure::words(definition_.retention.closed)));
    paragraph(
        "Vous pouvez demander au service nommé en haut de ce formulaire de les voir, de les "
        "corriger, de les effacer ou d’en limiter l’usage, et saisir la CNIL, www.cnil.fr (RGPD, "
        "articles 13 et 15 à 21).");
    add(Heading{.level = 3, .text = "Autres moyens"});
    List ways;
    for (const std::string& way : definition_.other_ways) ways.items.push_back(plain(way));
    add(std::move(ways));
  }

  const Definition& definition_;
  portal::Numbers numbers_;
  std::vector<Section> sections_;
};

}  // namespace

pdf::Document paper_form(const Definition& definition, const directory::Service* office,
                         std::string_view town, std::string_view accent, Instant now) {
  return {.title = definition.title,
          .author = std::string(town),
          .subject = "Formulaire à remplir",
          .created = now,
          .accent = std::string(accent),
          .footer = "Formulaire à remplir à la main",
          .sections = Paper(definition).whole(office)};
}

}  // namespace parvis::desk
