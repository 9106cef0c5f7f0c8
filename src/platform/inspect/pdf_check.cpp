#include "inspect/pdf_check.hpp"

#include <algorithm>
#include <array>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

constexpr int kDepthMax = 200;  // of one object inside another

// ISO 32000-1, 12.6.4: actions that do more than show another place of the document or a page of
// the web.
constexpr std::array<std::string_view, 9> kActions = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm",      "/Rendition",
    "/Movie",      "/Sound",  "/GoToE",      "/RichMediaExecute"};
constexpr std::array<std::string_view, 6> kAnnotations = {
    "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& names, QPDFObjectHandle object) {
  return object.isName() && std::find(names.begin(), names.end(), object.getName()) != names.end();
}

// What an object holds itself; those it refers to are looked at in their turn.
Refusal look(QPDFObjectHandle object, int depth) {
  if (depth > kDepthMax) return Refusal::unreadable;
  if (object.isArray()) {
    for (int i = 0; i < object.getArrayNItems(); ++i) {
      const QPDFObjectHandle item = object.getArrayItem(i);
      if (QPDFObjectHandle(item).isIndirect()) continue;
      if (const Refusal found = look(item, depth + 1); found != Refusal::none) return found;
    }
    return Refusal::none;
  }
  if (object.isStream()) return look(object.getDict(), depth + 1);
  if (!object.isDictionary()) return Refusal::none;
  QPDFObjectHandle subtype = object.getKey("/Subtype");
  if (object.hasKey("/EF") || object.hasKey("/EmbeddedFiles") ||
      (subtype.isName() && subtype.getName() == "/FileAttachment") ||
      (object.getKey("/Type").isName() && object.getKey("/Type").getName() == "/EmbeddedFile"))
    return Refusal::attached;
  if (object.hasKey("/JS") || object.hasKey("/JavaScript") || object.hasKey("/XFA") ||
      one_of(kActions, object.getKey("/S")) || one_of(kAnnotations, subtype))
    return Refusal::active;
  for (auto& [key, value] : object.ditems()) {
    if (value.isIndirect()) continue;
    if (const Refusal found = look(value, depth + 1); found != Refusal::none) return found;
  }
  return Refusal::none;
}

}  // namespace

PdfCheck check_pdf(std::string_view bytes) try {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("file", bytes.data(), bytes.size());
  PdfCheck check;
  for (QPDFObjectHandle& object : pdf.getAllObjects()) {
    check.refusal = look(object, 0);
    if (check.refusal != Refusal::none) return check;
  }
  const std::size_t pages = pdf.getAllPages().size();
  check.pages = static_cast<std::uint32_t>(std::min<std::size_t>(pages, UINT32_MAX));
  if (pages == 0) check.refusal = Refusal::unreadable;
  if (pages > kPagesMax) check.refusal = Refusal::pages;
  return check;
} catch (const QPDFExc& e) {
  return {e.getErrorCode() == qpdf_e_password ? Refusal::encrypted : Refusal::unreadable, 0};
} catch (const std::exception&) {
  return {Refusal::unreadable, 0};
}

}  // namespace parvis::inspect
