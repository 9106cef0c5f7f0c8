#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/error.hpp"

namespace parvis::app {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& toml) {
  try {
    parse_config(toml, "my.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid);
    return error.detail();
  }
  return "";
}

TEST(ConfigFile, TheExampleHoldsEveryKeyWithItsDefault) {
  const std::filesystem::path example = std::string(PARVIS_SOURCE_DIR) + "/config/example.toml";
  EXPECT_EQ(read_config(example), Config{});
  std::ifstream file(example);
  std::string line, section;
  std::set<std::string> keys;
  while (std::getline(file, line)) {
    if (line.starts_with("[")) section = line.substr(1, line.find(']') - 1) + ".";
    if (line.empty() || line.starts_with("#") || line.starts_with("[")) continue;
    keys.insert(section + line.substr(0, line.find(' ')));
  }
  EXPECT_EQ(keys, config_keys());
}

TEST(ConfigFile, CalendarsOfCounters) {
  std::ifstream example(std::string(PARVIS_SOURCE_DIR) + "/config/example.toml");
  std::string line, toml;
  std::set<std::string> keys;
  for (bool within = false; std::getline(example, line);) {
    within = within ? line.starts_with("#") : line == "# [[caldav]]";
    if (!within || !(line.contains(" = ") || line == "# [[caldav]]")) continue;
    toml += line.substr(2) + "\n";
    if (line.contains(" = ")) keys.insert(line.substr(2, line.find(" = ") - 2));
  }
  EXPECT_EQ(keys, calendar_keys());
  const std::vector<CalendarConfig> expected{{.agenda = "urbanisme",
                                              .counter = "architecte",
                                              .url = "https://agenda.ville.example/agent/calendar/",
                                              .user = "agent",
                                              .password_file = "/run/secrets/agenda",
                                              .ca_file = {}}};
  EXPECT_EQ(parse_config(toml, "my.toml").calendars, expected);
  const std::string both = "[[caldav]]\nagenda='a'\ncounter='b'\nurl='c'\n";
  EXPECT_EQ(parse_config(both + both, "my.toml").calendars.size(), 2);
  EXPECT_THAT(refusal("[[caldav]]\nagenda='a'\ncounter='b'"), HasSubstr("lacks its url"));
  EXPECT_THAT(refusal("[[caldav]]\nhost='a'"), HasSubstr("my.toml:2: the key caldav.host"));
  EXPECT_THAT(refusal("[[caldav]]\nagenda=3"), HasSubstr("caldav.agenda wants a text"));
  EXPECT_THAT(refusal("[caldav]\nagenda='a'"), HasSubstr("written [[caldav]]"));
  EXPECT_THAT(refusal("caldav = [3]"), HasSubstr("written [[caldav]]"));
}

TEST(ConfigFile, ChangesWhatItNamesAndKeepsTheRest) {
  const Config config = parse_config(
      "home = '/srv/parvis'\n[server]\nworkers = 4\nbehind_proxy = true\n[answer]\nfloor = 1\n",
      "my.toml");
  Config expected;
  expected.home = "/srv/parvis";
  expected.workers = 4;
  expected.behind_proxy = true;
  expected.answer_floor = 1;
  EXPECT_EQ(config, expected);
  EXPECT_EQ(parse_config("", "my.toml"), Config{});
}

TEST(ConfigFile, TheLimitsOfStreams) {
  const Config config = parse_config(
      "[server]\nstreams = 1\nstreams_per_address = 1000000\nstream_ping_s = 600\n", "my.toml");
  Config expected;
  expected.streams = 1;
  expected.streams_per_address = 1'000'000;
  expected.stream_ping_s = 600;
  EXPECT_EQ(config, expected);
  for (const char* key : {"streams", "streams_per_address", "stream_ping_s"}) {
    const std::string line = "[server]\n" + std::string(key);
    const std::string from = "my.toml:2: server." + std::string(key) + " goes from 1 to ";
    EXPECT_THAT(refusal(line + " = 0"), HasSubstr(from));
    EXPECT_THAT(refusal(line + " = 1000001"), HasSubstr(from));
    EXPECT_THAT(refusal(line + " = '9'"), HasSubstr("wants a whole number"));
  }
  EXPECT_THAT(refusal("[server]\nstream_ping_s = 601"), HasSubstr("goes from 1 to 600"));
}

TEST(ConfigFile, PutsTheStateInHomeUnlessToldOtherwise) {
  Config config = parse_config("home = 'h'", "my.toml");
  EXPECT_EQ(config.database().url, "sqlite:h/parvis.db");
  EXPECT_EQ(config.index_of(""), "h/index/national");
  EXPECT_EQ(config.index_of("demo"), "h/index/tenants/demo");
  config = parse_config("database.url = 'postgresql:///x'\nindex.folder = '/i'", "my.toml");
  EXPECT_EQ(config.database().url, "postgresql:///x");
  EXPECT_EQ(config.index_of("demo"), "/i/tenants/demo");
}

TEST(ConfigFile, TheSitesThatMayFrameTheWidget) {
  const auto origins = [](const std::string& list) {
    return parse_config("widget.origins = " + list, "my.toml").widget_origins;
  };
  EXPECT_THAT(origins("[]"), ::testing::IsEmpty());
  EXPECT_THAT(origins("['*']"), ::testing::ElementsAre("*"));
  EXPECT_THAT(origins("['https://www.ville.example', 'http://localhost:8000', 'https://*.a.fr']"),
              ::testing::SizeIs(3));
  for (const char* list :
       {"['ville.example']", "['https://']", "['https://a b']", "['https://a;script-src *']",
        "['https://a/b']", "['https://*.']", "['']", "[3]", "'*'"})
    EXPECT_THAT(refusal("\nwidget.origins = " + std::string(list)), HasSubstr("my.toml:2")) << list;
}

TEST(ConfigFile, RefusesWithTheLine) {
  EXPECT_THAT(refusal("home = 'a'\nhouse = 'b'"), HasSubstr("my.toml:2: the key house"));
  EXPECT_THAT(refusal("[server]\nworker = 2"), HasSubstr("my.toml:2: the key server.worker"));
  EXPECT_THAT(refusal("\n[serve]\nworkers = 2"), HasSubstr("my.toml:2: the section [serve]"));
  EXPECT_THAT(refusal("[server]\nworkers = '2'"), HasSubstr("my.toml:2: server.workers wants"));
  EXPECT_THAT(refusal("[server]\nworkers = 0"), HasSubstr("goes from 1 to 1024"));
  EXPECT_THAT(refusal("[server]\nbehind_proxy = 1"), HasSubstr("true or false"));
  EXPECT_THAT(refusal("[answer]\nfloor = 1.5"), HasSubstr("goes from 0 to 1"));
  EXPECT_THAT(refusal("[conversations]\nkept_days = 0"), HasSubstr("goes from 1 to 3650"));
  EXPECT_THAT(refusal("home = 3"), HasSubstr("wants a path"));
  EXPECT_THAT(refusal("home = [1]"), HasSubstr("my.toml:1"));
  EXPECT_THAT(refusal("server = 3"), HasSubstr("my.toml:1: the key server is not known"));
  EXPECT_THAT(refusal("a = 1\na = 2"), HasSubstr("my.toml:2"));
  EXPECT_THAT(refusal("home = "), HasSubstr("my.toml:1"));
  EXPECT_THAT(refusal("home = \"\xff\""), HasSubstr("my.toml:1"));
  EXPECT_THROW(read_config("/nowhere/parvis.toml"), Error);
}

}  // namespace
}  // namespace parvis::app
