#include "retrieval/ranker.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/json.hpp"

namespace parvis::retrieval {
namespace {

constexpr std::array<std::string_view, kSigns> kNames = {"constant", "chance", "spread", "covered",
                                                         "covered_title"};

constexpr double kFar = 5;  // a difference of scores beyond which nothing more is learnt

template <std::size_t N>
double dot(const std::array<double, N>& a, const std::array<double, N>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::string_view id_of(const search::Snapshot& snapshot, std::uint32_t document) {
  const std::string_view key = snapshot.key(document);
  return key.substr(key.find('/') + 1);
}

template <typename Name, std::size_t N>
json::object named(const std::array<double, N>& values) {
  json::object out;
  for (std::size_t i = 0; i < N; ++i)
    out[name(static_cast<Name>(i))] = std::round(values[i] * 1e4) / 1e4;
  return out;
}

json::object named(const Weights& weights) {
  return {{"rank", named<Feature>(weights.rank)}, {"confidence", named<Sign>(weights.confidence)}};
}

template <typename Name, std::size_t N>
bool read(const json::object& all, std::string_view key, std::array<double, N>& into) {
  const json::object* values = object_at(all, key);
  if (values == nullptr || values->size() != N) return false;
  for (std::size_t i = 0; i < N; ++i) {
    const json::value* value = values->if_contains(name(static_cast<Name>(i)));
    if (value == nullptr || !value->is_number()) return false;
    into[i] = value->to_number<double>();
  }
  return true;
}

bool read(const json::object* mode, Weights& into) {
  return mode != nullptr && read<Feature>(*mode, "rank", into.rank) &&
         read<Sign>(*mode, "confidence", into.confidence);
}

}  // namespace

std::string_view name(Sign sign) { return kNames[static_cast<std::size_t>(sign)]; }

std::vector<Ranked> rank(const search::Snapshot& snapshot, const std::vector<Candidate>& all,
                         const std::array<double, kFeatures>& weights) {
  std::vector<Ranked> out;
  for (const Candidate& candidate : all)
    out.push_back({candidate.document, dot(candidate.x, weights)});
  std::ranges::sort(out, {}, [](const Ranked& r) { return std::pair(-r.score, r.document); });
  std::set<std::string_view> seen;
  std::erase_if(out,
                [&](const Ranked& r) { return !seen.insert(id_of(snapshot, r.document)).second; });
  return out;
}

std::array<double, kSigns> signs(const std::vector<Candidate>& all,
                                 const std::vector<Ranked>& ranked) {
  std::array<double, kSigns> out{};
  if (ranked.empty()) return out;
  auto set = [&](Sign s, double value) { out[static_cast<std::size_t>(s)] = value; };
  const Candidate& first =
      *std::ranges::find(all, ranked[0].document, [](const Candidate& c) { return c.document; });
  double sum = 0;
  for (const Ranked& r : ranked) sum += std::exp(r.score - ranked[0].score);
  const double p = std::clamp(1 / sum, 1e-4, 1 - 1e-4);
  set(Sign::constant, 1);
  set(Sign::chance, std::log(p / (1 - p)));
  const double behind = ranked[0].score - ranked[std::min<std::size_t>(4, ranked.size() - 1)].score;
  set(Sign::spread, ranked.size() == 1 ? kFar : std::min(behind, kFar));
  set(Sign::covered, first[Feature::covered]);
  set(Sign::covered_title, first[Feature::covered_title]);
  return out;
}

double confidence(const std::array<double, kSigns>& weights,
                  const std::array<double, kSigns>& signs) {
  if (signs[static_cast<std::size_t>(Sign::constant)] == 0) return 0;  // nothing was found
  return 1 / (1 + std::exp(-dot(weights, signs)));
}

std::string to_json(const Ranker& ranker) {
  json::object modes;
  for (std::size_t m = 0; m <= static_cast<std::size_t>(ranker.most); ++m) {
    json::object& mode = modes[name(static_cast<Mode>(m))].emplace_object();
    mode = named(ranker.modes[m]);
    if (m > 0) mode["meaning"] = named(ranker.meaning[m]);
  }
  return json::serialize(json::object{{"model", ranker.model}, {"modes", std::move(modes)}});
}

std::expected<Ranker, Problem> ranker_from_json(std::string_view text) {
  const Problem bad{"this is no ranker of this version: run parvis fit"};
  const auto value = parse_json(text);
  if (!value || !value->is_object()) return std::unexpected(bad);
  const json::object& all = value->get_object();
  Ranker out;
  out.model = string_at(all, "model").value_or("");
  const json::object* modes = object_at(all, "modes");
  for (std::size_t m = 0; m < kModes; ++m) {
    const json::object* mode =
        modes == nullptr ? nullptr : object_at(*modes, name(static_cast<Mode>(m)));
    if (mode == nullptr && m > 0) break;
    if (!read(mode, out.modes[m]) || (m > 0 && !read(object_at(*mode, "meaning"), out.meaning[m])))
      return std::unexpected(bad);
    out.most = static_cast<Mode>(m);
  }
  return out;
}

}  // namespace parvis::retrieval
