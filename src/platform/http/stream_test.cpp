#include "http/stream.hpp"

#include <gtest/gtest.h>

namespace parvis::http {
namespace {

TEST(EventBytes, write_each_line_of_the_data_as_one_of_ours) {
  const auto bytes = [](Event event) {
    std::string out;
    append(out, event);
    return out;
  };
  EXPECT_EQ(bytes({"7", "said", "a"}), "id: 7\nevent: said\ndata: a\n\n");
  EXPECT_EQ(bytes({"7", "", ""}), "id: 7\ndata: \n\n");
  EXPECT_EQ(bytes({"7", "", "a\n\n b\rc\r\nd\n"}),
            "id: 7\ndata: a\ndata: \ndata:  b\ndata: c\ndata: d\ndata: \n\n");
  EXPECT_EQ(bytes({"7", "", "x\r\r\nid: 9\n\nretry: 1"}),
            "id: 7\ndata: x\ndata: \ndata: id: 9\ndata: \ndata: retry: 1\n\n");
  for (const char* bad : {"", "a b", "a\n", "\r", "é", "a\x7F", "\t"})
    EXPECT_THROW(bytes({bad, "said", ""}), Error) << bad;
  EXPECT_THROW(bytes({std::string("a\0b", 3), "", ""}), Error);
  EXPECT_THROW(bytes({"7", "a\ndata: b", ""}), Error);
  EXPECT_THROW(bytes({std::string(kEventIdBytes + 1, 'a'), "", ""}), Error);
  EXPECT_THROW(bytes({"7", "", std::string(kEventBytes + 1, 'a')}), Error);
  EXPECT_EQ(bytes({std::string(kEventIdBytes, 'a'), "", std::string(kEventBytes, 'a')}).size(),
            4 + kEventIdBytes + 1 + 6 + kEventBytes + 2);
}

TEST(EventBytes, a_page_has_its_bounds) {
  runtime::Doorbell doorbell;
  std::vector<Event> events;
  const Stream stream{
      .doorbell = doorbell, .topic = "t", .next = [&](const std::string&) { return events; }};
  EXPECT_EQ(page_after(stream, "4").last, "4");
  EXPECT_EQ(page_after(stream, "4").events, 0u);
  events = {{"5", "", "a"}, {"6", "", "b"}};
  EXPECT_EQ(page_after(stream, "4").last, "6");
  EXPECT_EQ(page_after(stream, "4").events, 2u);
  EXPECT_THROW(page_after(stream, "6"), Error) << "it would be read for ever";
  events.assign(kPageEvents + 1, {"5", "", ""});
  EXPECT_THROW(page_after(stream, ""), Error);
  events.pop_back();
  EXPECT_EQ(page_after(stream, "").events, kPageEvents);
}

TEST(ResumeId, is_what_the_client_saw_last) {
  const auto resumed = [](std::optional<std::string> header, std::optional<std::string> query) {
    Request request;
    if (header) request.headers.emplace_back("last-event-id", *header);
    if (query) request.query.emplace_back("after", *query);
    return resume_id(request);
  };
  EXPECT_EQ(resumed({}, {}), "");
  EXPECT_EQ(resumed("", ""), "");
  EXPECT_EQ(resumed("7", {}), "7");
  EXPECT_EQ(resumed({}, "7"), "7");
  EXPECT_EQ(resumed("8", "7"), "8");
  EXPECT_EQ(resumed("", "7"), "7");
  EXPECT_EQ(resumed({}, "!~2f-_.:"), "!~2f-_.:");
  EXPECT_TRUE(resumed({}, std::string(kEventIdBytes, 'a')));
  for (const std::string& bad :
       std::vector<std::string>{" ", "a b", "a\n", "\r", "\x7F", "é", std::string(1, '\0'),
                                std::string(kEventIdBytes + 1, 'a')}) {
    EXPECT_FALSE(resumed(bad, {})) << bad;
    EXPECT_FALSE(resumed(bad, "7")) << bad;
    EXPECT_FALSE(resumed({}, bad)) << bad;
  }
}

TEST(Retry, is_a_line_of_its_own) { EXPECT_EQ(retry_line(2500ms), "retry: 2500\n\n"); }

}  // namespace
}  // namespace parvis::http
