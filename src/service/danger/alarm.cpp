#include "danger/alarm.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/json.hpp"

// The file of fitted/, as it is in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_alarm: .incbin \"" PARVIS_ALARM
    "\"\nparvis_alarm_end: .byte 0\n"
    ".global parvis_alarm, parvis_alarm_end\n"
    ".previous\n");
extern "C" const char parvis_alarm[], parvis_alarm_end[];

namespace parvis::danger {
namespace {

constexpr std::array<std::string_view, kKinds> kNames = {
    "calm", "suicide", "violence", "child", "medical", "fire", "crime", "homeless"};
constexpr std::size_t kDimensionMax = 8192;

}  // namespace

std::string_view name(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
  const auto at = std::ranges::find(kNames, name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Kind>(at - kNames.begin());
}

const Alarm& Alarm::built_in() {
  static const Alarm alarm = [] {
    auto read = from_json({parvis_alarm, parvis_alarm_end});
    CHECK(read.has_value());
    return std::move(*read);
  }();
  return alarm;
}

Alarm::Alarm(std::string model, std::vector<std::vector<float>> weights, double threshold)
    : model_(std::move(model)), weights_(std::move(weights)), threshold_(threshold) {
  CHECK(weights_.size() == kKinds && weights_[0].size() > 1);
  for (const auto& row : weights_) CHECK(row.size() == weights_[0].size());
}

std::expected<Alarm, Problem> Alarm::from_json(std::string_view text) {
  const auto wrong = [](std::string why) { return std::unexpected(Problem{std::move(why)}); };
  const auto parsed = parse_json(text);
  const json::object* read = parsed ? parsed->if_object() : nullptr;
  if (read == nullptr) return wrong("the alarm is no JSON object: run parvis fit alarm");
  const auto model = string_at(*read, "model");
  const json::value* threshold = read->if_contains("threshold");
  const json::object* rows = object_at(*read, "weights");
  if (!model || threshold == nullptr || !threshold->is_number() || rows == nullptr)
    return wrong("the alarm lacks its model, threshold or weights: run parvis fit alarm");
  std::vector<std::vector<float>> weights;
  for (const std::string_view kind : kNames) {
    const json::array* row = array_at(*rows, kind);
    if (row == nullptr || row->size() < 2 || row->size() > kDimensionMax ||
        (!weights.empty() && row->size() != weights[0].size()))
      return wrong("the alarm's weights are not sound: run parvis fit alarm");
    auto& numbers = weights.emplace_back();
    for (const json::value& each : *row) {
      if (!each.is_number())
        return wrong("a weight of the alarm is no number: run parvis fit alarm");
      numbers.push_back(each.to_number<float>());
    }
  }
  return Alarm(std::string(*model), std::move(weights), threshold->to_number<double>());
}

std::string Alarm::to_json() const {
  const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
  json::object rows;
  for (std::size_t k = 0; k < kKinds; ++k) {
    json::array row;
    for (const float weight : weights_[k]) row.emplace_back(rounded(weight));
    rows[kNames[k]] = std::move(row);
  }
  return json::serialize(
      json::object{{"model", model_}, {"threshold", threshold_}, {"weights", std::move(rows)}});
}

std::array<double, kKinds> Alarm::chances(std::span<const float> vector) const {
  CHECK(vector.size() == dimension());
  std::array<double, kKinds> out{};
  for (std::size_t k = 0; k < kKinds; ++k)
    out[k] = std::inner_product(vector.begin(), vector.end(), weights_[k].begin(),
                                static_cast<double>(weights_[k].back()));
  const double most = std::ranges::max(out);
  double sum = 0;
  for (double& each : out) sum += each = std::exp(each - most);
  for (double& each : out) each /= sum;
  return out;
}

Heard Alarm::hears(std::span<const float> vector) const {
  if (vector.size() != dimension()) return {};
  const auto all = chances(vector);
  const double danger = 1 - all[0];
  if (danger < threshold_ / 2) return {};
  return {static_cast<Kind>(std::max_element(all.begin() + 1, all.end()) - all.begin()),
          danger < threshold_};
}

}  // namespace parvis::danger
