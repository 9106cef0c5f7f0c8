// Read back with poppler, which knows nothing of how the file was made.
#include "desk/paper_form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "procedure/form.hpp"

namespace parvis::desk {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");

std::string printed(const std::string& bytes, std::string command) {
  const fs::path file = fs::temp_directory_path() / ("paper_form." + std::to_string(getpid()));
  std::ofstream(file) << bytes;
  command.replace(command.find("FILE"), 4, file.string());
  std::string out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no " + command);
  char buffer[4096];
  while (const std::size_t read = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, read);
  EXPECT_EQ(pclose(pipe), 0) << command;
  fs::remove(file);
  return out;
}
// Lines are broken, and parts quoted, where a program likes it.
std::string bare(std::string text) {
  for (const std::string_view space : {"\u00a0", "\u202f", " ", "\n", "\""})
    for (std::size_t at = 0; (at = text.find(space, at)) != std::string::npos;)
      text.erase(at, space.size());
  return text;
}

std::string form_of(const procedure::Definition& definition) {
  static const pdf::Fonts fonts(fs::path(PARVIS_SOURCE_DIR) / "web/assets/fonts");
  directory::Service office;
  office.name = "Voirie";
  office.address = {"3 place du Parvis"};
  office.postcode = "99001";
  office.city = "Bourg";
  office.phones = {{.number = "02 61 91 24 00", .label = ""}};
  return pdf::render(paper_form(definition, &office, "Le Val", "#0b5563", kNow), fonts);
}

void labels_in(const std::vector<procedure::Field>& fields, std::vector<std::string>& out) {
  for (const procedure::Field& field : fields) {
    if (procedure::is_answered(field.type)) out.push_back(field.label);
    labels_in(field.fields, out);
  }
}

TEST(PaperForm, HoldsTheLabelOfEachFieldAndIsTagged) {
  std::size_t forms = 0;
  for (const auto& file :
       fs::directory_iterator(fs::path(PARVIS_SOURCE_DIR) / "demo" / "procedures")) {
    std::stringstream yaml;
    yaml << std::ifstream(file.path()).rdbuf();
    const auto definition = procedure::read_definition(yaml.str());
    ASSERT_TRUE(definition) << file.path();
    ++forms;
    const std::string bytes = form_of(*definition);
    EXPECT_THAT(printed(bytes, "pdfinfo FILE"),
                AllOf(HasSubstr("Tagged:          yes"), HasSubstr(definition->title)));
    const std::string said = bare(printed(bytes, "pdfinfo -struct-text FILE"));
    const auto says = [&](const std::string& words) {
      EXPECT_THAT(said, HasSubstr(bare(procedure::filled_in(*definition, words, {}))))
          << definition->id;
    };
    std::vector<std::string> labels;
    for (const procedure::Step& step : definition->steps) {
      for (const procedure::Page& page : step.pages) {
        if (!page.title.empty()) labels.push_back(page.title);
        // A block alone on its page is its heading.
        labels_in(page.fields, labels);
      }
    }
    EXPECT_GT(labels.size(), 3u) << definition->id;
    for (const std::string& label : labels) says(label);
    for (const procedure::Document& document : definition->documents) says(document.label);
    for (const std::string& way : definition->other_ways) says(way);
    for (const char* words : {"Voirie", "3 place du Parvis, 99001 Bourg", "02 61 91 24 00",
                              "Date et signature", "CRPA, article L112-3", "CNIL", "RGPD"})
      says(words);
    says("gardées " + procedure::words(definition->retention.closed));
  }
  EXPECT_GE(forms, 10u);
}

TEST(PaperForm, SaysWhatSilenceMeansAndWhenAQuestionIsAsked) {
  const auto definition = procedure::read_definition(R"~(id: essai
version: 1
title: Installer une benne
summary: Pour voir.
service: voirie
other_ways: [Au guichet.]
clock: {silence: refuses, delay: 2 months, ground: no_text, basis: Un texte.}
documents: [{id: plan, label: Un plan, source: citizen, optional: true},
            {id: acte, label: Un acte, source: held}]
steps:
  - title: La benne
    pages:
      - {id: rue, type: yes_no, label: Dans la rue}
      - {id: nom, type: text, label: Nom de la rue, optional: true, when: "rue"}
)~");
  ASSERT_TRUE(definition) << definition.error().front().what;
  const std::string said = bare(printed(form_of(*definition), "pdfinfo -struct-text FILE"));
  for (const char* words : {"1. Dans la rue", "Oui", "2. Nom de la rue (facultatif)",
                            "Répondez seulement si vous répondez « Oui » à la question",
                            "Un plan (facultatif)", "Vous n’avez pas à les donner", "Un acte",
                            "Sans réponse dans un délai de 2 mois, votre "
                            "demande est refusée",
                            "Texte", "Un texte."})
    EXPECT_THAT(said, HasSubstr(bare(words)));
}

}  // namespace
}  // namespace parvis::desk
