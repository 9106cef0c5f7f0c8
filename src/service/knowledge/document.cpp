#include "knowledge/document.hpp"

namespace parvis::knowledge {

std::string plain(const Spans& spans) {
  std::string out;
  for (const Span& span : spans) out.append(span.text);
  return out;
}

}  // namespace parvis::knowledge
