// The parts that look at a file, in this process, on files that are made here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qpdf/qpdf-c.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <cstdlib>

#include "inspect/fixtures_for_tests.hpp"
#include "inspect/limits.hpp"
#include "inspect/orientation.hpp"
#include "inspect/pdf_check.hpp"
#include "inspect/words.hpp"

namespace parvis::inspect {
namespace {

using fixtures::page;
using fixtures::pdf;
using fixtures::plain;
using ::testing::HasSubstr;

int level(const Pixels& pixels, std::uint32_t x, std::uint32_t y) {
  return static_cast<unsigned char>(pixels.rgb[3 * (std::size_t{y} * pixels.width + x) + 1]);
}

// Where the dark corner is: "tl", "tr", "bl" or "br".
std::string corner(const Pixels& p) {
  const std::uint32_t x = p.width / 10;
  const std::uint32_t y = p.height / 10;
  std::string found;
  if (level(p, x, y) < 100) found += "tl";
  if (level(p, p.width - 1 - x, y) < 100) found += "tr";
  if (level(p, x, p.height - 1 - y) < 100) found += "bl";
  if (level(p, p.width - 1 - x, p.height - 1 - y) < 100) found += "br";
  return found;
}

std::string webp(const Pixels& pixels) {
  std::uint8_t* bytes = nullptr;
  const std::size_t size = WebPEncodeRGB(
      reinterpret_cast<const std::uint8_t*>(pixels.rgb.data()), static_cast<int>(pixels.width),
      static_cast<int>(pixels.height), static_cast<int>(3 * pixels.width), 80, &bytes);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  WebPFree(bytes);
  return out;
}

TEST(Image, DecodesWhatIsTaken) {
  const Pixels original = page();
  for (const auto& [type, bytes] :
       {std::pair(Type::jpeg, encode(Type::jpeg, original)),
        std::pair(Type::png, encode(Type::png, original)), std::pair(Type::webp, webp(original))}) {
    const auto pixels = decode(type, bytes);
    ASSERT_TRUE(pixels) << extension(type);
    EXPECT_EQ(pixels->width, 600u);
    EXPECT_EQ(pixels->height, 400u);
    EXPECT_EQ(corner(*pixels), "tl") << extension(type);
    EXPECT_EQ(judged(*pixels), Refusal::none);
  }
}

TEST(Image, WhatIsCutOffIsUnreadable) {
  const Pixels original = page();
  for (const auto& [type, bytes] :
       {std::pair(Type::jpeg, encode(Type::jpeg, original)),
        std::pair(Type::png, encode(Type::png, original)), std::pair(Type::webp, webp(original))})
    for (const std::size_t percent : {0, 1, 10, 50, 90}) {
      const auto pixels = decode(type, bytes.substr(0, bytes.size() * percent / 100));
      ASSERT_FALSE(pixels) << extension(type) << " at " << percent << " %";
      EXPECT_EQ(pixels.error(), Refusal::unreadable);
    }
}

TEST(Image, OddBytesBetweenMarkersAreNoHarm) {
  std::string jpeg = encode(Type::jpeg, page());
  jpeg.insert(2, "odd");
  EXPECT_TRUE(decode(Type::jpeg, jpeg));
  EXPECT_TRUE(decode(Type::jpeg, encode(Type::jpeg, page()) + "a film of three seconds"));
}

TEST(Image, MorePixelsThanAreDecodedAreRefusedBeforeTheyAre) {
  EXPECT_EQ(decode(Type::png, fixtures::png_claiming(30'000, 30'000)).error(), Refusal::pixels);
  // JPEG: the size is in the frame's header.
  std::string jpeg = encode(Type::jpeg, page());
  const std::size_t frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, fixtures::big(60'000, 2) + fixtures::big(60'000, 2));
  EXPECT_EQ(decode(Type::jpeg, jpeg).error(), Refusal::pixels);
}

TEST(Image, ALargePhotoIsReadSmaller) {
  const Pixels large = page(9000, 6000);  // 54 million pixels
  const auto pixels = decode(Type::jpeg, encode(Type::jpeg, large));
  ASSERT_TRUE(pixels);
  EXPECT_EQ(pixels->width, 4500u);
  EXPECT_EQ(pixels->height, 3000u);
  EXPECT_EQ(corner(*pixels), "tl");
}

TEST(Image, PrintersColoursAreRead) {
  // CMYK, upside down as Adobe writes it: no ink is 255.
  const std::string white(4u * 300 * 300, '\xFF');
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const tjhandle turbo = tjInitCompress();
  ASSERT_EQ(tjCompress2(turbo, reinterpret_cast<const unsigned char*>(white.data()), 300, 0, 300,
                        TJPF_CMYK, &bytes, &size, TJSAMP_444, 90, 0),
            0);
  const std::string jpeg(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(turbo);
  const auto pixels = decode(Type::jpeg, jpeg);
  ASSERT_TRUE(pixels);
  EXPECT_GT(level(*pixels, 150, 150), 240);
}

TEST(Image, TransparencyIsWhite) {
  const std::string clear(4u * 300 * 300, '\0');
  std::uint8_t* bytes = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(
      reinterpret_cast<const std::uint8_t*>(clear.data()), 300, 300, 1200, &bytes);
  const std::string image(reinterpret_cast<const char*>(bytes), size);
  WebPFree(bytes);
  const auto pixels = decode(Type::webp, image);
  ASSERT_TRUE(pixels);
  EXPECT_EQ(level(*pixels, 10, 10), 255);
}

// Each of the eight ways in which a sensor can lie.
TEST(Image, IsTurnedAsItShouldBe) {
  const Pixels stored = page(600, 400);
  const std::vector<std::string> corners = {"tl", "tr", "br", "bl", "tl", "tr", "br", "bl"};
  for (int way = 1; way <= 8; ++way) {
    const Pixels seen = turned(stored, way);
    EXPECT_EQ(corner(seen), corners[static_cast<std::size_t>(way - 1)]) << way;
    EXPECT_EQ(seen.width, way >= 5 ? 400u : 600u) << way;
    EXPECT_EQ(seen.height, way >= 5 ? 600u : 400u) << way;
  }
  EXPECT_EQ(turned(stored, 0).rgb, stored.rgb);
  EXPECT_EQ(turned(stored, 9).rgb, stored.rgb);
}

TEST(Image, TheMetadataSayHowToTurn) {
  const std::string jpeg = encode(Type::jpeg, page());
  const std::string png = encode(Type::png, page());
  EXPECT_EQ(orientation(Type::jpeg, jpeg), 1);
  EXPECT_EQ(orientation(Type::png, png), 1);
  for (int way = 1; way <= 8; ++way) {
    EXPECT_EQ(orientation(Type::jpeg, fixtures::with_exif(jpeg, way)), way);
    EXPECT_EQ(orientation(Type::png, fixtures::png_with_exif(png, way)), way);
    std::string little = fixtures::exif(way);
    const std::string riff = "RIFF....WEBPEXIF" + std::string(1, static_cast<char>(little.size())) +
                             std::string(3, '\0') + little;
    EXPECT_EQ(orientation(Type::webp, riff), way);
  }
  for (const int wrong : {0, 9, 60'000})
    EXPECT_EQ(orientation(Type::jpeg, fixtures::with_exif(jpeg, wrong)), 1);
  const std::string intel("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0", 22);
  EXPECT_EQ(exif_orientation(intel), 6);
  for (std::size_t cut = 0; cut < 18; ++cut) EXPECT_EQ(exif_orientation(intel.substr(0, cut)), 1);
}

TEST(Image, NothingOfTheMetadataIsLeft) {
  for (const auto& [type, bytes] :
       {std::pair(Type::jpeg, fixtures::with_exif(encode(Type::jpeg, page()), 6)),
        std::pair(Type::png, fixtures::png_with_exif(encode(Type::png, page()), 6))}) {
    ASSERT_THAT(bytes, HasSubstr(fixtures::kPlace));
    ASSERT_THAT(bytes, HasSubstr("Mme Untel"));
    const auto pixels = decode(type, bytes);
    ASSERT_TRUE(pixels);
    const std::string anew = encode(type, *pixels);
    for (const std::string_view trace :
         {fixtures::kPlace, fixtures::kCamera, std::string_view("Mme Untel"),
          std::string_view("Exif"), std::string_view("eXIf")})
      EXPECT_FALSE(anew.contains(trace)) << trace;
  }
}

TEST(Image, WhatCannotBeReadIsTold) {
  EXPECT_EQ(judged(page(99, 1000)), Refusal::tiny);
  EXPECT_EQ(judged(page(180, 200)), Refusal::tiny);
  EXPECT_EQ(judged(page(200, 200)), Refusal::none);
  EXPECT_EQ(judged(plain(300, 300, '\xFF')), Refusal::blank);
  EXPECT_EQ(judged(plain(300, 300, '\x80')), Refusal::blank);
  EXPECT_EQ(judged(plain(300, 300, '\x00')), Refusal::dark);
  Pixels dim = page();
  for (char& byte : dim.rgb) byte = static_cast<char>(static_cast<unsigned char>(byte) / 8);
  EXPECT_EQ(judged(dim), Refusal::dark);
  // A page with a short signature and nothing else.
  Pixels page_signed = plain(2480, 3508, '\xF8');
  for (std::size_t i = 0; i < 600; ++i)
    for (std::size_t thick = 0; thick < 24; ++thick)
      page_signed.rgb[3 * ((2000 + i % 100 + thick) * 2480 + 1000 + i)] =
          page_signed.rgb[3 * ((2000 + i % 100 + thick) * 2480 + 1000 + i) + 1] = '\x10';
  EXPECT_EQ(judged(page_signed), Refusal::none);
}

TEST(Pdf, OfPagesIsTaken) {
  const PdfCheck check = check_pdf(pdf("", 3));
  EXPECT_EQ(check.refusal, Refusal::none);
  EXPECT_EQ(check.pages, 3u);
  // A link to the web, and one within the document, do no more than show.
  EXPECT_EQ(check_pdf(pdf("/OpenAction [3 0 R /Fit]", 1,
                          "/Annots [<< /Subtype /Link /A << /S /URI /URI (https://x.fr) >> >>]"))
                .refusal,
            Refusal::none);
}

TEST(Pdf, WhatIsDamagedIsMendedOrRefused) {
  std::string without_table = pdf("", 2);
  without_table.resize(without_table.find("xref\n0"));
  EXPECT_EQ(check_pdf(without_table + "trailer << /Root 1 0 R >>").pages, 2u);
  EXPECT_EQ(check_pdf(pdf("", 2).substr(0, 60)).refusal, Refusal::unreadable);
  EXPECT_EQ(check_pdf("%PDF-1.7\n").refusal, Refusal::unreadable);
  EXPECT_EQ(check_pdf("").refusal, Refusal::unreadable);
  EXPECT_EQ(check_pdf(pdf("", 0)).refusal, Refusal::unreadable);
}

TEST(Pdf, HasALimitOfPages) {
  EXPECT_EQ(check_pdf(pdf("", kPagesMax)).refusal, Refusal::none);
  const PdfCheck over = check_pdf(pdf("", kPagesMax + 1));
  EXPECT_EQ(over.refusal, Refusal::pages);
  EXPECT_EQ(over.pages, kPagesMax + 1);
}

TEST(Pdf, WhatIsMoreThanPagesIsRefused) {
  using std::string;
  struct Case {
    string what, file;
    Refusal refusal;
  };
  const string script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
  const std::vector<Case> cases = {
      {"a script when it opens", pdf("/OpenAction " + script), Refusal::active},
      {"a script apart", pdf("/OpenAction 4 0 R", 1, "", {script}), Refusal::active},
      {"a named script", pdf("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", 1, "", {script}),
       Refusal::active},
      {"an object that nothing uses", pdf("", 1, "", {script}), Refusal::active},
      {"a script of a page", pdf("", 1, "/AA << /O " + script + " >>"), Refusal::active},
      {"a script that follows a link",
       pdf("", 1,
           "/Annots [<< /Subtype /Link /A << /S /URI /URI (x) /Next [" + script + "] >> >>]"),
       Refusal::active},
      {"an escaped name", pdf("/OpenAction << /#53 /J#61vaScript /J#53 (x) >>"), Refusal::active},
      {"a program to run", pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), Refusal::active},
      {"a form that sends itself",
       pdf("", 1, "/Annots [<< /Subtype /Widget /A << /S /SubmitForm /F (x) >> >>]"),
       Refusal::active},
      {"XFA", pdf("/AcroForm << /XFA (x) >>"), Refusal::active},
      {"a film", pdf("", 1, "/Annots [<< /Subtype /RichMedia >>]"), Refusal::active},
      {"a named file",
       pdf("/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>", 1, "",
           {"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>",
            "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream"}),
       Refusal::attached},
      {"a pinned file", pdf("", 1, "/Annots [<< /Subtype /FileAttachment /FS 9 0 R >>]"),
       Refusal::attached},
      {"a file that nothing names",
       pdf("", 1, "", {"<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream"}),
       Refusal::attached},
  };
  for (const Case& each : cases) EXPECT_EQ(check_pdf(each.file).refusal, each.refusal) << each.what;
}

// A file as qpdf writes it anew, with what `set` asks of it.
template <typename Fn>
std::string written(const std::string& file, Fn&& set) {
  qpdf_data pdf = qpdf_init();
  EXPECT_EQ(qpdf_read_memory(pdf, "x", file.data(), file.size(), nullptr), QPDF_SUCCESS);
  EXPECT_EQ(qpdf_init_write_memory(pdf), QPDF_SUCCESS);
  set(pdf);
  EXPECT_EQ(qpdf_write(pdf), QPDF_SUCCESS);
  const std::string out(reinterpret_cast<const char*>(qpdf_get_buffer(pdf)),
                        qpdf_get_buffer_length(pdf));
  qpdf_cleanup(&pdf);
  return out;
}

// The same, within a compressed stream of objects, as most programs write them.
TEST(Pdf, CompressedObjectsAreLookedAtToo) {
  const auto compress = [](qpdf_data pdf) { qpdf_set_object_stream_mode(pdf, qpdf_o_generate); };
  const std::string active =
      written(pdf("/OpenAction 4 0 R", 1, "", {"<< /S /JavaScript /JS (x) >>"}), compress);
  ASSERT_FALSE(active.contains("JavaScript"));
  EXPECT_EQ(check_pdf(active).refusal, Refusal::active);
  EXPECT_EQ(check_pdf(written(pdf(), compress)).refusal, Refusal::none);
}

TEST(Pdf, APasswordIsRefusedARestrictionIsNot) {
  const auto encrypted = [](const char* user) {
    return written(pdf(), [&](qpdf_data pdf) {
      qpdf_set_r6_encryption_parameters2(pdf, user, "owner", QPDF_FALSE, QPDF_FALSE, QPDF_FALSE,
                                         QPDF_FALSE, QPDF_FALSE, QPDF_FALSE, qpdf_r3p_none,
                                         QPDF_TRUE);
    });
  };
  EXPECT_EQ(check_pdf(encrypted("secret")).refusal, Refusal::encrypted);
  EXPECT_EQ(check_pdf(encrypted("")).refusal, Refusal::none);
}

TEST(Pdf, DepthHasALimit) {
  const std::string deep = pdf("/X " + std::string(20'000, '[') + std::string(20'000, ']'));
  EXPECT_NE(check_pdf(deep).refusal, Refusal::none);
}

TEST(Report, TravelsWhole) {
  const Report kept{.type = Type::webp,
                    .mime = "image/webp",
                    .width = 70'000,
                    .height = 1,
                    .kept = Type::jpeg,
                    .rewritten = kRewrittenMax};
  const Report pages{
      .refusal = Refusal::pages, .type = Type::pdf, .mime = "application/pdf", .pages = 4'000'000};
  for (const Report& report : {kept, pages, Report{.refusal = Refusal::type}})
    EXPECT_EQ(parse_report(encode(report)), report);
}

TEST(Report, NonsenseIsNotTaken) {
  const Report kept{.type = Type::jpeg,
                    .mime = "image/jpeg",
                    .width = 3,
                    .height = 1,
                    .kept = Type::jpeg,
                    .rewritten = 100};
  const auto refused = [&](auto change) {
    Report report = kept;
    change(report);
    return !parse_report(encode(report));
  };
  EXPECT_TRUE(refused([](Report& r) { r.rewritten = 0; }));
  EXPECT_TRUE(refused([](Report& r) { r.rewritten = kRewrittenMax + 1; }));
  EXPECT_TRUE(refused([](Report& r) { r.kept = Type::other; }));
  EXPECT_TRUE(refused([](Report& r) { r.kept = Type::webp; }));
  EXPECT_TRUE(refused([](Report& r) { r.type = Type::other; }));
  EXPECT_TRUE(refused([](Report& r) { r.type = Type::pdf; }));
  EXPECT_TRUE(refused([](Report& r) { r.refusal = Refusal::blank; }));
  EXPECT_TRUE(refused([](Report& r) { r.mime = "image/<script>"; }));
  EXPECT_TRUE(refused([](Report& r) { r.pages = kPagesMax + 1; }));
  const std::string bytes = encode(kept);
  for (std::size_t cut = 0; cut < 19; ++cut) EXPECT_FALSE(parse_report(bytes.substr(0, cut)));
  for (const std::size_t at : {0, 1, 2}) {
    std::string altered = bytes;
    altered[at] = '\x50';
    EXPECT_FALSE(parse_report(altered));
  }
  EXPECT_FALSE(parse_report(bytes + std::string(300, 'a')));
}

TEST(Words, TellWhatAFileIsAndWhatToDo) {
  const auto told = [](std::string_view mime, std::string_view name) {
    return why_refused({.refusal = Refusal::type, .mime = std::string(mime)}, name);
  };
  constexpr auto kWord = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  EXPECT_EQ(told(kWord, "lettre.docx"),
            "Ce fichier est un document Word. Exportez-le en PDF, puis envoyez le PDF.");
  EXPECT_EQ(
      told(kWord, "lettre.PDF"),
      "Le nom de ce fichier finit par .pdf, mais il s’agit d’un document Word. Exportez-le en "
      "PDF, puis envoyez le PDF.");
  EXPECT_THAT(told("image/heic", "IMG_1.HEIC"), HasSubstr("iPhone"));
  EXPECT_THAT(told("video/mp4", "a.mp4"), HasSubstr("une vidéo"));
  EXPECT_EQ(told("application/octet-stream", "a.bin"),
            "Ce fichier est d’un format que nous n’acceptons pas. Envoyez une photo (JPEG ou PNG) "
            "ou un PDF.");
  EXPECT_THAT(told("", "a.jpg"), HasSubstr("il s’agit d’un fichier d’un format"));
}

TEST(Words, EachRefusalSaysWhatToDo) {
  for (int i = 1; i <= static_cast<int>(Refusal::attached); ++i) {
    const Report report{.refusal = static_cast<Refusal>(i), .type = Type::pdf, .pages = 300};
    const std::string text = why_refused(report, "acte.pdf");
    EXPECT_THAT(text, HasSubstr("ez")) << i << text;
    EXPECT_TRUE(text.ends_with(".")) << text;
  }
  EXPECT_EQ(why_refused({}, "acte.pdf"), "");
  EXPECT_THAT(why_refused({.refusal = Refusal::unreadable, .type = Type::jpeg}, "a.jpg"),
              HasSubstr("Reprenez la photo à la lumière"));
}

TEST(Words, AWrongNameIsToldAndPutRight) {
  const Report jpeg{.type = Type::jpeg, .mime = "image/jpeg", .kept = Type::jpeg, .rewritten = 1};
  EXPECT_EQ(misnamed(jpeg, "carte.pdf"),
            "Ce fichier est une image JPEG, mais son nom finit par .pdf. Nous le gardons sous le "
            "nom « carte.jpg ».");
  for (const std::string_view right : {"carte.jpg", "carte.JPEG", "carte", ".htaccess", "M. Untel"})
    EXPECT_EQ(misnamed(jpeg, right), "") << right;
  EXPECT_EQ(kept_name(jpeg, "carte.JPEG"), "carte.JPEG");
  EXPECT_EQ(kept_name(jpeg, "carte"), "carte.jpg");
  EXPECT_EQ(kept_name(jpeg, "M. Untel"), "M. Untel.jpg");
  const Report webp{.type = Type::webp, .mime = "image/webp", .kept = Type::jpeg, .rewritten = 1};
  EXPECT_EQ(misnamed(webp, "carte.webp"), "");
  EXPECT_EQ(kept_name(webp, "carte.webp"), "carte.jpg");
}

}  // namespace
}  // namespace parvis::inspect
