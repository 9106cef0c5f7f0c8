#include "intent/classifier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/json.hpp"

// The file of fitted/, as it is in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_intents: .incbin \"" PARVIS_INTENTS
    "\"\nparvis_intents_end: .byte 0\n"
    ".global parvis_intents, parvis_intents_end\n"
    ".previous\n");
extern "C" const char parvis_intents[], parvis_intents_end[];

namespace parvis::intent {
namespace {

constexpr std::array<std::string_view, kKinds> kNames = {
    "question", "suicide",  "violence", "child",  "medical", "fire",
    "crime",    "homeless", "person",   "unsafe", "outside"};
constexpr std::array<std::string_view, kGroups> kThresholds = {"danger", "person", "unsafe",
                                                               "outside"};
constexpr std::size_t kDimensionMax = 8192;

}  // namespace

std::string_view name(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
  const auto at = std::ranges::find(kNames, name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Kind>(at - kNames.begin());
}

const Classifier& Classifier::built_in() {
  static const Classifier classifier = [] {
    auto read = from_json({parvis_intents, parvis_intents_end});
    CHECK(read.has_value());
    return std::move(*read);
  }();
  return classifier;
}

Classifier::Classifier(std::string model, std::vector<std::vector<float>> weights,
                       Thresholds thresholds)
    : model_(std::move(model)), weights_(std::move(weights)), thresholds_(thresholds) {
  CHECK(weights_.size() == kKinds && weights_[0].size() > 1);
  for (const auto& row : weights_) CHECK(row.size() == weights_[0].size());
}

std::expected<Classifier, Problem> Classifier::from_json(std::string_view text) {
  const auto wrong = [](std::string why) { return std::unexpected(Problem{std::move(why)}); };
  const auto parsed = parse_json(text);
  const json::object* read = parsed ? parsed->if_object() : nullptr;
  if (read == nullptr) return wrong("the intents are no JSON object: run parvis fit intents");
  const auto model = string_at(*read, "model");
  const json::object* limits = object_at(*read, "thresholds");
  const json::object* rows = object_at(*read, "weights");
  if (!model || limits == nullptr || rows == nullptr)
    return wrong("the intents lack their model, thresholds or weights: run parvis fit intents");
  Thresholds thresholds{};
  for (std::size_t g = 0; g < kGroups; ++g) {
    const json::value* limit = limits->if_contains(kThresholds[g]);
    if (limit == nullptr || !limit->is_number())
      return wrong("a threshold of the intents is no number: run parvis fit intents");
    thresholds[g] = limit->to_number<double>();
  }
  std::vector<std::vector<float>> weights;
  for (const std::string_view kind : kNames) {
    const json::array* row = array_at(*rows, kind);
    if (row == nullptr || row->size() < 2 || row->size() > kDimensionMax ||
        (!weights.empty() && row->size() != weights[0].size()))
      return wrong("the weights of the intents are not sound: run parvis fit intents");
    auto& numbers = weights.emplace_back();
    for (const json::value& each : *row) {
      if (!each.is_number())
        return wrong("a weight of the intents is no number: run parvis fit intents");
      numbers.push_back(each.to_number<float>());
    }
  }
  return Classifier(std::string(*model), std::move(weights), thresholds);
}

std::string Classifier::to_json() const {
  const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
  json::object thresholds, rows;
  for (std::size_t g = 0; g < kGroups; ++g) thresholds[kThresholds[g]] = thresholds_[g];
  for (std::size_t k = 0; k < kKinds; ++k) {
    json::array row;
    for (const float weight : weights_[k]) row.emplace_back(rounded(weight));
    rows[kNames[k]] = std::move(row);
  }
  return json::serialize(json::object{
      {"model", model_}, {"thresholds", std::move(thresholds)}, {"weights", std::move(rows)}});
}

Thresholds by_group(const Chances& chances) {
  Thresholds out{};
  for (std::size_t k = 1; k < kKinds; ++k) out[group(static_cast<Kind>(k))] += chances[k];
  return out;
}

Chances Classifier::chances(std::span<const float> vector) const {
  CHECK(vector.size() == dimension());
  Chances out{};
  for (std::size_t k = 0; k < kKinds; ++k)
    out[k] = std::inner_product(vector.begin(), vector.end(), weights_[k].begin(),
                                static_cast<double>(weights_[k].back()));
  const double most = std::ranges::max(out);
  double sum = 0;
  for (double& each : out) sum += each = std::exp(each - most);
  for (double& each : out) each /= sum;
  return out;
}

Heard Classifier::hears(std::span<const float> vector) const {
  if (vector.size() != dimension()) return {};
  const Chances all = chances(vector);
  const Thresholds groups = by_group(all);
  if (groups[0] >= thresholds_[0] / 2) {
    const auto dangers = all.begin() + 1, end = dangers + static_cast<int>(Kind::homeless);
    return {static_cast<Kind>(std::max_element(dangers, end) - all.begin()),
            groups[0] < thresholds_[0]};
  }
  Kind likeliest = Kind::question;
  double most = 0;
  for (const Kind act : {Kind::person, Kind::unsafe, Kind::outside})
    if (const double chance = groups[group(act)];
        chance >= thresholds_[group(act)] && chance > most) {
      likeliest = act;
      most = chance;
    }
  return {likeliest, false};
}

}  // namespace parvis::intent
