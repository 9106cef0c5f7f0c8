// Any bytes as a stored message, and the transcript of whatever is readable.
#include "base/error.hpp"
#include "conversation/transcript.hpp"
#include "conversation/transcript_pdf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const auto payload = conversation::parse_payload({reinterpret_cast<const char*>(data), size});
  if (!payload) return 0;
  conversation::Transcript transcript;
  for (const auto author : {conversation::Author::citizen, conversation::Author::virtual_agent})
    transcript.messages.push_back(
        {.seq = 1, .id = "id", .author = author, .at = {}, .payload = *payload});
  transcript.verdicts = {{1, conversation::Verdict::wrong}};
  const std::string text = conversation::to_text(transcript, "la mairie", Zone::paris());
  CHECK(text.contains(transcript.messages[0].text()));
  CHECK(parse_json(json::serialize(conversation::to_json(transcript)), kJsonDepth + 3));
  const pdf::Document document = conversation::to_document(transcript, {}, Zone::paris(), {});
  CHECK(document.sections.size() == 3);
  return 0;
}
