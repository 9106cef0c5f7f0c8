// Cairo marks the content; here it gets its tree of elements, each with its language, links with
// their address and what they are about, artifacts apart; the file gets its language and title.
#include "pdf/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <stdexcept>

namespace parvis::pdf {
namespace {

using Object = QPDFObjectHandle;

Object name(std::string_view value) { return Object::newName("/" + std::string(value)); }
Object number(std::size_t value) { return Object::newInteger(static_cast<long long>(value)); }
Object text(const std::string& value) { return Object::newUnicodeString(value); }

// "/Code << /MCID 3 >> BDC", written by Cairo for an artifact, becomes "/Artifact BMC".
class Artifacts : public Object::TokenFilter {
 public:
  void handleToken(const QPDFTokenizer::Token& token) override {
    if (token.getType() == QPDFTokenizer::tt_name &&
        token.getValue() == std::string("/") + kArtifact) {
      inside_ = true;
      write("/Artifact BMC");
    } else if (!inside_) {
      writeToken(token);
    } else if (token.isWord("BDC")) {
      inside_ = false;
    }
  }

 private:
  bool inside_ = false;
};

class Tree {
 public:
  Tree(QPDF& pdf, const Drawn& drawn, const std::vector<Node>& nodes)
      : pdf_(pdf), drawn_(drawn), nodes_(nodes), pages_(pdf.getAllPages()) {}

  void grow() {
    std::vector<Object> flat =
        pdf_.getRoot().getKey("/StructTreeRoot").getKey("/K").getArrayAsVector();
    if (flat.size() != drawn_.marks.size() || pages_.size() != drawn_.pages)
      throw std::logic_error("PDF: the elements are not those that were drawn");
    root_ = pdf_.makeIndirectObject(Object::newDictionary());
    elements_.resize(nodes_.size());
    parents_.resize(pages_.size());
    std::size_t page = 0;
    for (std::size_t i = 0; i < flat.size(); ++i) {
      if (drawn_.marks[i] == kNoNode) continue;
      Object at = flat[i].getKey("/Pg");
      while (pages_[page].getObjGen() != at.getObjGen())
        if (++page == pages_.size()) throw std::logic_error("PDF: a mark stands on no page");
      mark(drawn_.marks[i], page, static_cast<int>(flat[i].getKey("/K").getIntValue()));
    }
    for (const Drawn::Link& link : drawn_.links) annotate(link);
    finish();
  }

 private:
  Object& element(std::size_t node) {
    Object& it = elements_[node];
    if (it.isInitialized() && !it.isNull()) return it;
    const Node& of = nodes_[node];
    it = pdf_.makeIndirectObject(Object::newDictionary());
    it.replaceKey("/Type", name("StructElem"));
    it.replaceKey("/S", name(of.role));
    it.replaceKey("/K", Object::newArray());
    if (!of.language.empty()) it.replaceKey("/Lang", Object::newString(of.language));
    if (!of.actual.empty()) it.replaceKey("/ActualText", text(of.actual));
    if (of.role == "Figure") it.replaceKey("/Alt", text(of.about));
    if (of.role == "L") {
      Object list = Object::newDictionary();
      list.replaceKey("/O", name("List"));
      list.replaceKey("/ListNumbering", name(of.numbered ? "Decimal" : "Disc"));
      it.replaceKey("/A", list);
    }
    Object above = of.parent == kNoNode ? root_ : element(of.parent);
    elements_[node].replaceKey("/P", above);
    if (of.parent != kNoNode) above.getKey("/K").appendItem(elements_[node]);
    return elements_[node];
  }

  void mark(std::size_t node, std::size_t page, int id) {
    Object it = element(node);
    Object content = Object::newDictionary();
    content.replaceKey("/Type", name("MCR"));
    content.replaceKey("/Pg", pages_[page]);
    content.replaceKey("/MCID", Object::newInteger(id));
    it.getKey("/K").appendItem(content);
    auto& by_id = parents_[page];
    by_id.resize(std::max(by_id.size(), static_cast<std::size_t>(id) + 1), Object::newNull());
    by_id[static_cast<std::size_t>(id)] = it;
  }

  void annotate(const Drawn::Link& link) {
    Object it = element(link.node);
    Object page = pages_[link.page];
    const double left = link.left, right = link.right;
    const double top = kPageHeight - link.top, bottom = kPageHeight - link.bottom;
    Object note = pdf_.makeIndirectObject(Object::newDictionary());
    note.replaceKey("/Type", name("Annot"));
    note.replaceKey("/Subtype", name("Link"));
    note.replaceKey("/Rect", numbers({left, bottom, right, top}));
    note.replaceKey("/Border", numbers({0, 0, 0}));
    note.replaceKey("/F", Object::newInteger(4));  // printed as it is
    note.replaceKey("/Contents", text(nodes_[link.node].about));
    note.replaceKey("/StructParent", number(pages_.size() + links_.size()));
    Object go = Object::newDictionary();
    go.replaceKey("/S", name("URI"));
    go.replaceKey("/URI", Object::newString(ascii(nodes_[link.node].url)));
    note.replaceKey("/A", go);
    if (!page.hasKey("/Annots")) page.replaceKey("/Annots", Object::newArray());
    page.getKey("/Annots").appendItem(note);
    Object reference = Object::newDictionary();
    reference.replaceKey("/Type", name("OBJR"));
    reference.replaceKey("/Pg", page);
    reference.replaceKey("/Obj", note);
    it.getKey("/K").appendItem(reference);
    links_.push_back(it);
  }

  void finish() {
    Object numbers = Object::newArray();
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      numbers.appendItem(number(page));
      numbers.appendItem(pdf_.makeIndirectObject(Object::newArray(parents_[page])));
      pages_[page].replaceKey("/StructParents", number(page));
      pages_[page].replaceKey("/Tabs", name("S"));
    }
    for (std::size_t i = 0; i < links_.size(); ++i) {
      numbers.appendItem(number(pages_.size() + i));
      numbers.appendItem(links_[i]);
    }
    Object tree = Object::newDictionary();
    tree.replaceKey("/Nums", numbers);
    root_.replaceKey("/Type", name("StructTreeRoot"));
    root_.replaceKey("/K", Object::newArray({element(0)}));
    root_.replaceKey("/ParentTree", pdf_.makeIndirectObject(tree));
    root_.replaceKey("/ParentTreeNextKey", number(pages_.size() + links_.size()));
    pdf_.getRoot().replaceKey("/StructTreeRoot", root_);
  }

  static Object numbers(std::initializer_list<double> values) {
    Object out = Object::newArray();
    for (const double value : values) out.appendItem(Object::newReal(value, 2));
    return out;
  }

  // RFC 3986: what is not ASCII is written by its bytes.
  static std::string ascii(std::string_view url) {
    std::string out;
    for (const char c : url)
      if (static_cast<unsigned char>(c) < 0x80)
        out += c;
      else
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
  }

  QPDF& pdf_;
  const Drawn& drawn_;
  const std::vector<Node>& nodes_;
  std::vector<Object> pages_;
  std::vector<Object> elements_;              // by node
  std::vector<std::vector<Object>> parents_;  // by page, by the number of the mark
  std::vector<Object> links_;                 // by annotation
  Object root_;
};

}  // namespace

std::string tagged(const Drawn& drawn, const std::vector<Node>& nodes, const About& about) {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("document", drawn.bytes.data(), drawn.bytes.size());
  Tree(pdf, drawn, nodes).grow();
  for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(pdf).getAllPages())
    page.addContentTokenFilter(std::make_shared<Artifacts>());

  Object root = pdf.getRoot();
  Object marked = Object::newDictionary(), view = Object::newDictionary();
  marked.replaceKey("/Marked", Object::newBool(true));
  view.replaceKey("/DisplayDocTitle", Object::newBool(true));
  root.replaceKey("/MarkInfo", marked);
  root.replaceKey("/ViewerPreferences", view);
  root.replaceKey("/Lang", Object::newString(about.language));
  Object xmp = Object::newStream(&pdf, about.xmp);
  xmp.getDict().replaceKey("/Type", name("Metadata"));
  xmp.getDict().replaceKey("/Subtype", name("XML"));
  root.replaceKey("/Metadata", xmp);

  // Cairo's own holds the time of the clock.
  Object info = Object::newDictionary();
  info.replaceKey("/Title", text(about.title));
  if (!about.author.empty()) info.replaceKey("/Author", text(about.author));
  if (!about.subject.empty()) info.replaceKey("/Subject", text(about.subject));
  info.replaceKey("/Producer", text("Parvis"));
  info.replaceKey("/CreationDate", Object::newString(about.created));
  pdf.getTrailer().replaceKey("/Info", pdf.makeIndirectObject(info));

  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setMinimumPDFVersion("1.7");
  writer.setDeterministicID(true);  // of the content; else it holds the time
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.write();
  const std::shared_ptr<Buffer> bytes = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()};
}

}  // namespace parvis::pdf
