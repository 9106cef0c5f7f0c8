#include "inspect/words.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

// What a type is called with its article, and how to make of it what is taken.
struct Kind {
  std::string_view mime;  // or its beginning
  std::string_view words;
  std::string_view advice;
};

constexpr std::string_view kExport = "Exportez-le en PDF, puis envoyez le PDF.";
constexpr std::string_view kPhoto = "Envoyez une photo (JPEG ou PNG) ou un PDF.";
constexpr std::string_view kConvert = "Enregistrez-la en JPEG ou en PNG, puis envoyez-la.";
constexpr std::string_view kHeic =
    "Enregistrez-la en JPEG, ou faites-en une capture d’écran, puis envoyez-la. Sur iPhone : "
    "Réglages, Appareil photo, Formats, « Le plus compatible », puis reprenez la photo.";

constexpr std::array kKinds = {
    Kind{"application/pdf", "un PDF", kExport},
    Kind{"image/jpeg", "une image JPEG", kConvert},
    Kind{"image/png", "une image PNG", kConvert},
    Kind{"image/webp", "une image WebP", kConvert},
    Kind{"image/heic", "une photo au format HEIC", kHeic},
    Kind{"image/heif", "une photo au format HEIC", kHeic},
    Kind{"image/svg", "un dessin SVG", kExport},
    Kind{"image/tiff", "une image TIFF", kConvert},
    Kind{"image/", "une image d’un autre format", kConvert},
    Kind{"application/msword", "un document Word", kExport},
    Kind{"application/vnd.openxmlformats-officedocument.wordprocessingml", "un document Word",
         kExport},
    Kind{"application/vnd.ms-excel", "un tableau Excel", kExport},
    Kind{"application/vnd.openxmlformats-officedocument.spreadsheetml", "un tableau Excel",
         kExport},
    Kind{"application/vnd.ms-powerpoint", "une présentation", kExport},
    Kind{"application/vnd.openxmlformats-officedocument.presentationml", "une présentation",
         kExport},
    Kind{"application/vnd.oasis.opendocument", "un document LibreOffice", kExport},
    Kind{"application/rtf", "un document de traitement de texte", kExport},
    Kind{"text/rtf", "un document de traitement de texte", kExport},
    Kind{"text/html", "une page du web", kExport},
    Kind{"text/", "un fichier de texte", kExport},
    Kind{"message/rfc822", "un courriel", kExport},
    Kind{"application/zip", "une archive", "Envoyez un par un les fichiers qu’elle contient."},
    Kind{"application/x-7z", "une archive", "Envoyez un par un les fichiers qu’elle contient."},
    Kind{"application/x-rar", "une archive", "Envoyez un par un les fichiers qu’elle contient."},
    Kind{"application/gzip", "une archive", "Envoyez un par un les fichiers qu’elle contient."},
    Kind{"video/", "une vidéo", kPhoto},
    Kind{"audio/", "un enregistrement sonore", kPhoto},
    Kind{"application/x-executable", "un programme", kPhoto},
    Kind{"application/x-dosexec", "un programme", kPhoto},
    Kind{"application/vnd.microsoft.portable-executable", "un programme", kPhoto},
    Kind{"", "d’un format que nous n’acceptons pas", kPhoto},
};

const Kind& kind(std::string_view mime) {
  return *std::ranges::find_if(kKinds, [&](const Kind& k) { return mime.starts_with(k.mime); });
}

constexpr std::size_t kExtensionMax = 5;

// ".pdf" of "Acte.PDF"; empty when the name has none that looks like one.
std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > kExtensionMax) return "";
  std::string extension(name.substr(dot));
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const bool plain = std::all_of(extension.begin() + 1, extension.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  return plain && extension.size() > 1 ? extension : "";
}

Type type_of(std::string_view extension) {
  if (extension == ".pdf") return Type::pdf;
  if (extension == ".jpg" || extension == ".jpeg" || extension == ".jfif") return Type::jpeg;
  if (extension == ".png") return Type::png;
  if (extension == ".webp") return Type::webp;
  return Type::other;
}

std::string of_another_type(const Report& report, std::string_view name) {
  const Kind& is = kind(report.mime);
  const std::string extension = extension_of(name);
  // A name that promises what is taken: the reader thinks that it is.
  std::string text = type_of(extension) == Type::other
                         ? "Ce fichier est "
                         : "Le nom de ce fichier finit par " + extension + ", mais il s’agit ";
  if (type_of(extension) == Type::other)
    text += is.words;
  else  // "d’un document Word", "d’une vidéo"; one begins with "d’" already
    text += is.words.starts_with("d’") ? std::string("d’un fichier ").append(is.words)
                                       : std::string("d’").append(is.words);
  return text.append(". ").append(is.advice);
}

}  // namespace

std::string why_refused(const Report& report, std::string_view name) {
  const bool pdf = report.type == Type::pdf;
  switch (report.refusal) {
    case Refusal::none:
      return "";
    case Refusal::empty:
      return "Ce fichier est vide. Choisissez-en un autre.";
    case Refusal::too_large:
      return "Ce fichier dépasse " + std::to_string(kFileMax >> 20) +
             " Mo. Réduisez-le, ou envoyez-le en plusieurs parties.";
    case Refusal::type:
      return of_another_type(report, name);
    case Refusal::unreadable:
      if (pdf)
        return "Ce PDF ne s’ouvre pas : il est abîmé ou incomplet. Enregistrez-le de nouveau, puis "
               "envoyez-le.";
      return "Ce fichier est illisible. Reprenez la photo à la lumière, ou envoyez un PDF.";
    case Refusal::animated:
      return "Cette image est animée. Envoyez une photo (JPEG ou PNG) ou un PDF.";
    case Refusal::pixels:
      return "Cette image est trop grande. Enregistrez-la en JPEG, ou réduisez-la, puis "
             "envoyez-la.";
    case Refusal::tiny:
      return "Cette image est trop petite pour être lue. Reprenez la photo de plus près, ou "
             "envoyez "
             "l’image d’origine.";
    case Refusal::dark:
      return "Cette photo est trop sombre pour être lue. Reprenez-la à la lumière.";
    case Refusal::blank:
      return "On ne voit rien sur cette image. Reprenez la photo à la lumière.";
    case Refusal::encrypted:
      return "Ce PDF est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, "
             "puis envoyez-la.";
    case Refusal::pages:
      return "Ce PDF a " + std::to_string(report.pages) + " pages, et " +
             std::to_string(kPagesMax) +
             " au plus sont acceptées. Envoyez seulement les pages utiles.";
    case Refusal::active:
      return "Ce PDF contient un programme, que nous n’acceptons pas. Ouvrez-le, choisissez "
             "« Imprimer », puis « Enregistrer au format PDF », et envoyez ce nouveau fichier.";
    case Refusal::attached:
      return "Ce PDF contient d’autres fichiers, que nous n’acceptons pas. Ouvrez-le, choisissez "
             "« Imprimer », puis « Enregistrer au format PDF ». Envoyez ce nouveau fichier et, à "
             "part, ceux qu’il contenait.";
  }
  CHECK(false);
}

std::string misnamed(const Report& report, std::string_view name) {
  const std::string extension = extension_of(name);
  if (report.refusal != Refusal::none || extension.empty() || type_of(extension) == report.type)
    return "";
  return std::string("Ce fichier est ")
      .append(kind(report.mime).words)
      .append(", mais son nom finit par ")
      .append(extension)
      .append(". Nous le gardons sous le nom « ")
      .append(kept_name(report, name))
      .append(" ».");
}

std::string kept_name(const Report& report, std::string_view name) {
  if (type_of(extension_of(name)) == report.kept) return std::string(name);
  name.remove_suffix(extension_of(name).size());
  return std::string(name).append(extension(report.kept));
}

std::string infected() {
  return "Notre antivirus a trouvé un programme malveillant dans ce fichier. Il n’est pas gardé. "
         "Vérifiez votre appareil, ou envoyez une photo du document.";
}

}  // namespace parvis::inspect
