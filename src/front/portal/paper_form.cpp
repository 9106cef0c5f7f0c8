// A démarche on paper: a page to print.
#include "portal/icons.hpp"
#include "portal/on_paper.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using procedure::Definition;
using procedure::Field;
using procedure::Option;
using procedure::Page;
using procedure::Step;
using procedure::Type;

class Paper {
 public:
  explicit Paper(const Definition& definition) : definition_(definition), numbers_(definition) {}

  Html whole() const {
    Html out;
    std::size_t number = 0;
    for (const Step& step : definition_.steps) {
      Html questions;
      for (const Page& page : step.pages)
        if (is_told(page)) questions += question(page, ++number);
      if (!questions.empty())
        out += h("section", {cls("flow")}, h("h2", step.title),
                 h("div", {cls("on-paper")}, questions));
    }
    return out;
  }

 private:
  std::string words(std::string_view text) const {
    return procedure::filled_in(definition_, text, {});
  }

  Html question(const Page& page, std::size_t number) const {
    const Field* only = only_field(page);
    Html inside;
    for (const Field& field : page.fields)
      inside += page.title.empty() ? answer(field) : part(field);
    const procedure::Expression& when_one = page.when         ? page.when
                                            : only != nullptr ? only->when
                                                              : page.when;
    return h("div", {cls("q")},
             h("h3", number, ". ", only != nullptr ? words(only->label) : words(page.title),
               only != nullptr && only->optional ? " (facultatif)" : ""),
             condition(when_one), hints(only != nullptr ? only->hint : page.hint), inside);
  }

  Html condition(const procedure::Expression& when_asked) const {
    const std::string said = numbers_.condition(when_asked);
    if (said.empty()) return {};
    return h("p", {cls("only")}, h("strong", "Répondez seulement ", said, "."));
  }
  Html hints(std::string_view text) const {
    return when(!text.empty(), [&] { return h("p", {cls("soft")}, words(text)); });
  }

  Html part(const Field& field) const {
    if (field.type == Type::computed) return {};
    return h("div", {cls("q-part")},
             h("p", {cls("label")}, words(field.label), field.optional ? " (facultatif)" : ""),
             condition(field.when), hints(field.hint), answer(field));
  }

  static Html blank(std::size_t lines = 1) {
    Html out;
    for (std::size_t i = 0; i < lines; ++i) out += h("div", {cls("blank")});
    return out;
  }
  static Html tick(const Html& words) { return h("li", h("div", words)); }

  Html answer(const Field& field) const {
    switch (field.type) {
      case Type::computed:
        return {};
      case Type::note:
        return h("p", words(field.help));
      case Type::long_text:
        return blank(kLinesOnPaper);
      case Type::date:
        return h("p", {cls("cells")}, h("span", "Jour"), h("span", "Mois"),
                 h("span", {cls("wide")}, "Année"));
      case Type::yes_no:
        return h("ul", {cls("docs ticks")}, tick("Oui"), tick("Non"));
      case Type::choice:
      case Type::choices:
        if (field.options.size() > kOptionsOnPaper) return blank();
        return h("ul", {cls("docs ticks")}, each(field.options, [&](const Option& option) {
                   const std::string only = numbers_.condition(option.when);
                   return tick(fragment(words(option.label), when(!only.empty(), [&] {
                                          return h("small", {cls("soft")}, only);
                                        })));
                 }));
      case Type::attestation:
        return h("ul", {cls("docs ticks")}, tick(words(field.label)));
      case Type::file:
        return h("ul", {cls("docs ticks")},
                 tick(fragment("Je joins ce document", field.files.count > 1 ? "s" : "", ".")));
      case Type::appointment:
        return fragment(h("p",
                          "Prenez ce rendez-vous au guichet ou par téléphone, auprès du service "
                          "nommé en haut de ce formulaire. Notez ici le jour et l’heure."),
                        blank());
      case Type::address:
      case Type::person:
      case Type::block:
        return each(field.fields, [&](const Field& each) { return part(each); });
      case Type::repeat: {
        Html out;
        for (std::size_t i = 1; i <= times_on_paper(field); ++i)
          out += h("div", {cls("q-item")}, h("p", {cls("label")}, "N°\u00a0", i),
                   each(field.fields, [&](const Field& each) { return part(each); }));
        return fragment(out, h("p", {cls("soft")}, "Plus de lignes\u202f? Joignez une feuille."));
      }
      default:
        return blank();
    }
  }

  const Definition& definition_;
  Numbers numbers_;
};

}  // namespace

Html paper(const Frame& frame, const Opening& opening) {
  const Definition& definition = opening.definition;
  const std::optional<answer::Contact>& to = opening.office ? opening.office : frame.desk;
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        h("a", {cls("link"), href(procedures_url(frame, definition.id))}, icon(Icon::back),
          "Présentation de la démarche"),
        h("h1", definition.title), h("p", {cls("lead")}, "Formulaire à imprimer et à remplir."),
        h("div", {cls("mat send-to")},
          h("div", {cls("flow")}, h("h2", "À envoyer ou à déposer"),
            when(to.has_value(),
                 [&] {
                   return fragment(h("p", h("strong", to->name)), h("p", to->address),
                                   each(to->phones, [](const answer::PhoneNumber& phone) {
                                     return h("p", {cls("num")}, phone.number);
                                   }));
                 }),
            when(!to.has_value(), [] { return h("p", "À votre mairie."); }),
            h("p", {cls("soft")}, "Vous recevez un accusé de réception. Réponse\u00a0: ",
              procedure::words(definition.clock.delay), " au plus."))),
        print_button(), h("p", {cls("soft no-print")}, "Ou utilisez le menu de votre navigateur.")),
      h("div", {cls("paper flow flow--wide")}, Paper(definition).whole(),
        h("section", {cls("flow")}, h("h2", "Date et signature"),
          h("p", {cls("cells")}, h("span", "Jour"), h("span", "Mois"),
            h("span", {cls("wide")}, "Année")),
          h("div", {cls("sign")}))));
}

}  // namespace parvis::portal
