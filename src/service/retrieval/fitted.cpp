#include <fstream>
#include <numeric>

#include "base/json.hpp"
#include "retrieval/retrieve.hpp"

// The files of fitted/, as they are in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_ranker: .incbin \"" PARVIS_FITTED
    "/ranker.json\"\nparvis_ranker_end: .byte 0\n"
    "parvis_going_on: .incbin \"" PARVIS_FITTED
    "/ranker_going_on.json\"\nparvis_going_on_end: .byte 0\n"
    "parvis_questions: .incbin \"" PARVIS_FITTED
    "/questions.gguf\"\nparvis_questions_end: .byte 0\n"
    "parvis_of_page: .incbin \"" PARVIS_FITTED
    "/of_page.gguf\"\nparvis_of_page_end: .byte 0\n"
    "parvis_stays_adapter: .incbin \"" PARVIS_FITTED
    "/stays.gguf\"\nparvis_stays_adapter_end: .byte 0\n"
    "parvis_stays: .incbin \"" PARVIS_FITTED
    "/stays.json\"\nparvis_stays_end: .byte 0\n"
    ".global parvis_ranker, parvis_ranker_end, parvis_going_on, parvis_going_on_end, "
    "parvis_questions, parvis_questions_end, parvis_of_page, parvis_of_page_end, "
    "parvis_stays_adapter, parvis_stays_adapter_end, parvis_stays, parvis_stays_end\n"
    ".previous\n");
extern "C" const char parvis_ranker[], parvis_ranker_end[], parvis_going_on[],
    parvis_going_on_end[], parvis_questions[], parvis_questions_end[], parvis_of_page[],
    parvis_of_page_end[], parvis_stays_adapter[], parvis_stays_adapter_end[], parvis_stays[],
    parvis_stays_end[];

namespace parvis::retrieval {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  const std::filesystem::path fresh = path.string() + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (!file) throw Error(Errc::unavailable, fresh.string() + " cannot be written");
  std::filesystem::rename(fresh, path);
}

}  // namespace

const Fitted& Fitted::built_in() {
  static const Fitted fitted = [] {
    auto whole = ranker_from_json({parvis_ranker, parvis_ranker_end});
    auto going_on = ranker_from_json({parvis_going_on, parvis_going_on_end});
    CHECK(whole.has_value() && going_on.has_value());
    return Fitted{std::move(*whole), std::move(*going_on)};
  }();
  return fitted;
}

std::string_view question_adapter() { return {parvis_questions, parvis_questions_end}; }
std::string_view page_adapter() { return {parvis_of_page, parvis_of_page_end}; }

std::string_view stays_adapter() { return {parvis_stays_adapter, parvis_stays_adapter_end}; }

const Stays& Stays::built_in() {
  static const Stays stays = [] {
    auto read = from_json({parvis_stays, parvis_stays_end});
    CHECK(read.has_value());
    return std::move(*read);
  }();
  return stays;
}

std::expected<Stays, Problem> Stays::from_json(std::string_view text) {
  constexpr std::size_t kDimensionMax = 8192;
  const Problem wrong{"whether a message stays: no model, constant and weights"};
  const auto parsed = parse_json(text);
  const json::object* read = parsed ? parsed->if_object() : nullptr;
  if (read == nullptr) return std::unexpected(wrong);
  const auto model = string_at(*read, "model");
  const json::value *constant = read->if_contains("constant"),
                    *weights = read->if_contains("weights");
  if (!model || constant == nullptr || !constant->is_number() || weights == nullptr ||
      !weights->is_array() || weights->get_array().empty() ||
      weights->get_array().size() > kDimensionMax)
    return std::unexpected(wrong);
  Stays out;
  out.model_ = *model;
  out.constant_ = constant->to_number<double>();
  for (const json::value& weight : weights->get_array()) {
    if (!weight.is_number()) return std::unexpected(wrong);
    out.weights_.push_back(weight.to_number<double>());
  }
  return out;
}

std::optional<double> Stays::odds(std::span<const float> message) const {
  if (message.size() != weights_.size()) return std::nullopt;
  return std::inner_product(weights_.begin(), weights_.end(), message.begin(), constant_);
}

std::expected<Fitted, Problem> Fitted::load(const std::filesystem::path& folder) {
  auto whole = ranker_from_json(bytes_of(folder / kRankerFile));
  auto going_on = ranker_from_json(bytes_of(folder / kGoingOnFile));
  for (const auto* each : {&whole, &going_on})
    if (!*each) return std::unexpected(Problem{folder.string() + ": " + each->error().what});
  return Fitted{std::move(*whole), std::move(*going_on)};
}

void Fitted::save(const std::filesystem::path& folder) const {
  std::filesystem::create_directories(folder);
  write(folder / kRankerFile, to_json(ranker));
  write(folder / kGoingOnFile, to_json(going_on));
}

}  // namespace parvis::retrieval
