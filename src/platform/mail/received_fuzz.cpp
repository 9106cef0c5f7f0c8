#include <cstdint>

#include "base/error.hpp"
#include "mail/message.hpp"
#include "mail/received.hpp"
#include "text/normalise.hpp"

// Whatever comes in, what comes out is within its limits and can be stored and shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  using namespace parvis::mail;
  const auto mail = read_mail({reinterpret_cast<const char*>(data), size});
  if (!mail) return 0;
  const auto line = [](const std::string& text, std::size_t max) {
    CHECK(text.size() <= max && text::valid_utf8(text));
    for (const char c : text) CHECK(c < 0 || c >= ' ');
  };
  line(mail->subject.read(), kSubjectMax);
  line(mail->from_name.read(), kNameMax);
  CHECK(mail->id.size() <= kIdMax && mail->references.size() <= kReferencesMax);
  CHECK(mail->to.size() <= kReceivedToMax && mail->files.size() <= kReceivedFilesMax);
  CHECK(mail->text.read().size() <= kReceivedTextMax + 1 && text::valid_utf8(mail->text.read()));
  CHECK(!mail->text.read().contains('\0') && !mail->text.read().contains('\r'));
  CHECK((mail->writer == Writer::bounce) == mail->bounce.has_value());
  for (const ReceivedFile& file : mail->files) {
    line(file.name.read(), kNameMax);
    CHECK(!file.name.read().empty() && file.name.read().find_first_of("/\\") == std::string::npos);
    line(file.type, kNameMax);
  }
  return 0;
}
