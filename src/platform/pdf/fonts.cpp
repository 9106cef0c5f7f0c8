#include "pdf/fonts.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"

#if __has_feature(address_sanitizer)
// Fontconfig stores offsets where the leak checker looks for pointers, so what it still holds when
// a program ends (its defaults, and what Pango's thread is looking at) is taken for lost.
// NOLINTBEGIN(bugprone-reserved-identifier): the checker's own names
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig.so"; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace parvis::pdf {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFallbackFolder = "/usr/share/fonts/truetype/dejavu";

// HarfBuzz reads TrueType as it is, not WOFF2: bin/setup unpacks the files that browsers get.
bool add(FcConfig* config, const fs::path& file) {
  return FcConfigAppFontAddFile(config, reinterpret_cast<const FcChar8*>(file.c_str())) == FcTrue;
}

std::vector<fs::path> true_types(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none))
    if (entry.path().extension() == ".ttf") files.push_back(entry.path());
  std::ranges::sort(files);  // the order of a folder is the disk's own
  return files;
}

}  // namespace

Fonts::Fonts(const fs::path& folder) {
  auto held = std::make_unique<Held>();
  held->config = FcConfigCreate();
  held->drawn = FcCharSetCreate();
  CHECK(held->config != nullptr && held->drawn != nullptr);
  FcConfigSetRescanInterval(held->config, 0);
  for (const fs::path& file : true_types(folder)) held->house |= add(held->config, file);
  for (const char* face : {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"})
    held->fallback |= add(held->config, fs::path(kFallbackFolder) / face);
  if (const FcFontSet* set = FcConfigGetFonts(held->config, FcSetApplication))
    for (int i = 0; i < set->nfont; ++i) {
      FcCharSet* has = nullptr;
      if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &has) == FcResultMatch)
        FcCharSetMerge(held->drawn, has, nullptr);
    }
  held_ = std::move(held);
}

Fonts::~Fonts() {
  FcCharSetDestroy(held_->drawn);
  FcConfigDestroy(held_->config);
}

std::shared_ptr<void> Fonts::turn() const {
  if (!held_->turns.try_acquire()) return nullptr;
  return {held_.get(), [](Held* held) { held->turns.release(); }};
}

bool Fonts::house() const { return held_->house; }
bool Fonts::fallback() const { return held_->fallback; }

}  // namespace parvis::pdf
