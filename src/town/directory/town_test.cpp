#include "directory/town.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace parvis::directory {
namespace {

namespace fs = std::filesystem;
using tenancy::Commune;
using tenancy::Tenant;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kTown =
    "id: val\nname: Val\nkind: agglomeration\naccent: \"#0b5563\"\n"
    "communes:\n  - {insee: \"99001\", slug: ici, name: Ici, postcodes: \"00100\"}\n";

class Folder : public ::testing::Test {
 protected:
  Folder() {
    std::string folder = (fs::temp_directory_path() / "parvis-town-XXXXXX").string();
    CHECK(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    fs::create_directory(folder_ / "services");
  }
  ~Folder() override { fs::remove_all(folder_); }
  void put(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
  }
  std::vector<std::string> problems() const {
    std::vector<std::string> said;
    const auto town = load_town(folder_);
    if (!town)
      for (const FileProblem& problem : town.error()) said.push_back(words(problem));
    return said;
  }
  fs::path folder_;
};

TEST_F(Folder, IsReadWhole) {
  put("agglomeration.yaml", kTown);
  put("services/b.yaml", "{id: b, name: B, communes: [\"99001\"]}");
  put("services/a.yml", "[{id: a, name: A}, {id: c, name: C}]");
  put("services/notes.txt", "not a service");
  const auto town = load_town(folder_);
  ASSERT_TRUE(town) << words(town.error()[0]);
  EXPECT_EQ(town->tenant,
            (Tenant{"val", "Val", Tenant::Kind::agglomeration, Zone::paris(), "#0b5563"}));
  EXPECT_EQ(town->tenant.accent, "#0b5563");
  EXPECT_THAT(town->communes, ElementsAre(Commune{"99001", "ici", "Ici", {"00100"}}));
  EXPECT_THAT(town->services, SizeIs(3));
}

TEST(ReadTown, KeepsTheTimeOfItsFirstCommuneWhenItNamesNoZone) {
  const std::string there =
      "id: ile\nname: Ile\nkind: commune\n"
      "communes: [{insee: \"97411\", slug: ici, name: Ici, postcodes: \"97400\"}]\n";
  EXPECT_EQ(read_town(there)->tenant.zone.name(), "Indian/Reunion");
  EXPECT_EQ(read_town(there + "zone: Europe/Paris\n")->tenant.zone.name(), "Europe/Paris");
  EXPECT_EQ(read_town(kTown)->tenant.zone.name(), "Europe/Paris");
}

TEST_F(Folder, SaysFileAndLine) {
  EXPECT_THAT(problems(), ElementsAre(StartsWith("agglomeration.yaml: fichier introuvable")));
  put("agglomeration.yaml", kTown);
  put("services/a.yaml", "id: a\nname: A\nfoo: B\n");
  put("services/b.yaml", "{id: b, name: B, communes: [\"99002\"]}");
  put("services/c.yaml", "{id: b, name: B}");
  EXPECT_THAT(problems(), ElementsAre(StartsWith("services/a.yaml:3: champ « foo » inconnu"),
                                      HasSubstr("la commune 99002 n’est pas dans"),
                                      HasSubstr("déjà pris dans services/b.yaml")));
}

TEST(ReadTown, RefusesWithTheRemedy) {
  const auto said = [](std::string_view from, std::string_view to) {
    std::string yaml(kTown);
    yaml.replace(yaml.find(from), from.size(), to);
    const auto town = read_town(yaml);
    std::vector<std::string> found;
    if (!town)
      for (const Problem& problem : town.error()) found.push_back(problem.what);
    return found;
  };
  EXPECT_THAT(said("id: val", "id: Val !"), Contains(HasSubstr("« id »")));
  EXPECT_THAT(said("kind: agglomeration", "kind: ville"), Contains(HasSubstr("« kind »")));
  EXPECT_THAT(said("#0b5563", "bleu"), Contains(HasSubstr("« accent »")));
  EXPECT_THAT(said("accent: \"#0b5563\"", "zone: Europe/Orle"), Contains(HasSubstr("« zone »")));
  EXPECT_THAT(said("\"99001\"", "9901"), Contains(HasSubstr("« insee »")));
  EXPECT_THAT(said("slug: ici", "slug: Ici là"), Contains(HasSubstr("« slug »")));
  EXPECT_THAT(said("slug: ici", "slug: bureau"), Contains(HasSubstr("une adresse du site")));
  EXPECT_THAT(said("\"00100\"", "100"), Contains(HasSubstr("« postcodes »")));
  EXPECT_THAT(said("name: Val", "nom: Val"), Contains(HasSubstr("« nom » inconnu")));
  EXPECT_THAT(said("communes:\n  - {insee: \"99001\", slug: ici, name: Ici, postcodes: \"00100\"}",
                   "communes: []"),
              Contains(HasSubstr("au moins une commune")));
  EXPECT_THAT(said("communes:\n",
                   "communes:\n  - {insee: \"99001\", slug: la, name: L, postcodes: "
                   "\"00100\"}\n"),
              Contains(HasSubstr("déjà pris")));
  EXPECT_FALSE(read_town("communes: 7"));
}

// The demonstration is a town that loads.
TEST(Demo, Loads) {
  const auto town = load_town(fs::path(PARVIS_SOURCE_DIR) / "demo");
  ASSERT_TRUE(town) << words(town.error()[0]);
  EXPECT_EQ(town->tenant.id, "demo");
  EXPECT_THAT(town->communes, SizeIs(2));
  for (const Commune& commune : town->communes) {
    const Service* town_hall =
        service_for(town->services, {.commune = commune.insee, .pivot = "mairie", .topic = ""});
    ASSERT_TRUE(town_hall) << commune.name;
    EXPECT_THAT(town_hall->communes, ElementsAre(commune.insee));
  }
  for (const Service& service : town->services) {
    EXPECT_FALSE(service.phones.empty() && service.address.empty()) << service.id;
    EXPECT_FALSE(service.topics.empty()) << service.id;
    EXPECT_FALSE(service.other_ways.empty()) << service.id;
    for (const Phone& phone : service.phones)  // numbers that ARCEP keeps for fiction
      EXPECT_TRUE(phone.number.starts_with("02 61 91 ") || phone.number.starts_with("06 39 98 "))
          << phone.number;
  }
}

}  // namespace
}  // namespace parvis::directory
