// The child: one file, then its end.
#include "child/child.hpp"

#include <magic.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <new>

#include "inspect/image.hpp"
#include "inspect/inspector.hpp"
#include "inspect/orientation.hpp"
#include "inspect/pdf_check.hpp"
#include "inspect/sandbox.hpp"

namespace parvis::inspect {
namespace {

constexpr auto kNever = child::Deadline::max();
constexpr std::size_t kMagicBytes = 1 << 20;  // that tell a type

using Magic = std::unique_ptr<magic_set, decltype([](magic_t m) { magic_close(m); })>;

bool receive_file(std::string& bytes) {
  for (;;) {
    std::uint32_t size = 0;
    if (!child::receive_all(child::kSocket, &size, sizeof size, kNever)) return false;
    if (size == 0) return true;
    if (size > kPieceMax || bytes.size() + size > kFileMax) return false;
    const std::size_t at = bytes.size();
    bytes.resize(at + size);
    if (!child::receive_all(child::kSocket, bytes.data() + at, size, kNever)) return false;
  }
}

Type type_named(std::string_view mime) {
  if (mime == "application/pdf") return Type::pdf;
  if (mime == "image/jpeg") return Type::jpeg;
  if (mime == "image/png") return Type::png;
  if (mime == "image/webp") return Type::webp;
  return Type::other;
}

// Gives the image written anew in `rewritten`.
Report look(magic_t magic, std::string& bytes, std::string& rewritten) {
  Report report;
  const char* mime = magic_buffer(magic, bytes.data(), std::min(bytes.size(), kMagicBytes));
  report.mime = std::string_view(mime == nullptr ? "" : mime).substr(0, kMimeMax);
  report.type = type_named(report.mime);
  if (report.type == Type::other) {
    report.refusal = Refusal::type;
    return report;
  }
  if (report.type == Type::pdf) {
    const PdfCheck check = check_pdf(bytes);
    report.refusal = check.refusal;
    report.pages = check.pages;
    if (report.refusal == Refusal::none) report.kept = Type::pdf;
    return report;
  }
  auto pixels = decode(report.type, bytes);
  if (!pixels) {
    report.refusal = pixels.error();
    return report;
  }
  *pixels = turned(std::move(*pixels), orientation(report.type, bytes));
  bytes = {};
  report.width = pixels->width;
  report.height = pixels->height;
  report.refusal = judged(*pixels);
  if (report.refusal != Refusal::none) return report;
  const bool drawn = std::uint64_t{report.width} * report.height <= kPngPixelsMax;
  report.kept = report.type == Type::png && drawn ? Type::png : Type::jpeg;
  rewritten = encode(report.kept, *pixels);
  report.rewritten = static_cast<std::uint32_t>(rewritten.size());
  if (rewritten.empty() || rewritten.size() > kRewrittenMax) {
    rewritten.clear();
    report = {.refusal = Refusal::pixels, .type = report.type, .mime = report.mime};
  }
  return report;
}

}  // namespace

int run_child(int argc, char** /*argv*/) {
  if (argc != 2) return 2;
  // It ends when its socket closes, with the parent: a Ctrl-C for the group must not come first.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  ::prctl(PR_SET_NAME, "parvis-inspect");
  const Magic magic(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                               MAGIC_NO_CHECK_ELF));
  // Its table is a file, read while files can be.
  if (!magic || magic_load(magic.get(), nullptr) != 0 || !enter_sandbox()) ::_exit(1);
  if (!child::send_all(child::kSocket, &kReady, sizeof kReady, kNever)) ::_exit(1);
  std::string bytes;
  if (!receive_file(bytes)) ::_exit(1);
  std::string rewritten;
  Report report;
  try {
    report = look(magic.get(), bytes, rewritten);
  } catch (const std::bad_alloc&) {
    ::_exit(1);  // refused as unreadable
  }
  const std::string encoded = encode(report);
  const auto size = static_cast<std::uint32_t>(encoded.size());
  const bool sent = child::send_all(child::kSocket, &size, sizeof size, kNever) &&
                    child::send_all(child::kSocket, encoded.data(), encoded.size(), kNever) &&
                    child::send_all(child::kSocket, rewritten.data(), rewritten.size(), kNever);
  ::_exit(sent ? 0 : 1);  // nothing to save; the kernel frees faster
}

}  // namespace parvis::inspect
