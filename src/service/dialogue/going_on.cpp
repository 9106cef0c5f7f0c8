#include "dialogue/going_on.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <ranges>
#include <set>

#include "answer/phrases.hpp"
#include "dialogue/hear.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {
namespace {

constexpr std::string_view kJoins = "et|mais|donc|alors|sinon|aussi|en plus|du coup|ok|ah";

std::map<std::string_view, double> logs(const Found& found) {
  std::map<std::string_view, double> out;
  for (const Found::Share& share : found.shares) out.emplace(share.id, share.log);
  return out;
}

// How the others are filed beside the page talked about. Beside one that is filed under nothing, a
// town's, they are neither near nor far.
void tell_kinship(std::vector<Option>& options, const Ways& ways, const Subject& subject) {
  constexpr double kUnknown = 0.5;
  constexpr std::array kLevels = {Sign::theme, Sign::subtheme, Sign::dossier};
  std::map<std::string_view, knowledge::Filed> filed;
  for (const Found* way : {&ways.alone, &ways.joined, &ways.titled})
    for (const Found::Share& share : way->shares) filed.emplace(share.id, share.filed);
  for (Option& option : options | std::views::drop(1)) {
    const auto set = [&](Sign sign, double value) {
      option.signs[static_cast<std::size_t>(sign)] = value;
    };
    const auto& under = filed[option.id];
    set(Sign::own, under[0] == 0 ? 1 : 0);
    set(Sign::linked, std::ranges::find(subject.links, option.id) != subject.links.end() ? 1 : 0);
    for (std::size_t i = 0; i < kLevels.size(); ++i)
      set(kLevels[i], subject.filed[0] == 0                           ? kUnknown
                      : under[i] != 0 && under[i] == subject.filed[i] ? 1
                                                                      : 0);
  }
}

}  // namespace

std::vector<Option> options(const Heard& heard, const Ways& ways, const Subject& subject) {
  constexpr std::size_t kOfEach = 25;
  constexpr double kFewWords = 4, kManyWords = 8;
  std::vector<Option> out = {{.id = subject.id}};
  const std::array all = {logs(ways.alone), logs(ways.joined), logs(ways.titled)};
  for (const Found* way : {&ways.alone, &ways.joined, &ways.titled})
    for (std::size_t i = 0; i < std::min(kOfEach, way->shares.size()); ++i)
      if (const std::string& id = way->shares[i].id;
          std::ranges::find(out, id, &Option::id) == out.end())
        out.push_back({.id = id});
  for (std::size_t w = 0; w < all.size(); ++w) {
    constexpr double kFar = -7;  // about what the last of many has
    double least = kFar + 1;
    for (const auto& [id, log] : all[w]) least = std::min(least, log);
    for (Option& option : out) {
      const auto at = all[w].find(option.id);
      option.signs[w] = at == all[w].end() ? least - 1 : at->second;
    }
  }
  tell_kinship(out, ways, subject);
  const auto set = [&](Sign sign, double value) {
    out.front().signs[static_cast<std::size_t>(sign)] = value;
  };
  const std::vector<std::string>& page = subject.words;
  set(Sign::stays, 1);
  const bool joins = answer::starts_with_phrase(answer::folded_words(heard.text), kJoins);
  set(Sign::goes_on, (page.empty() ? heard.leans : joins) ? 1 : 0);
  set(Sign::turns, heard.turns || heard.turns_aside ? 1 : 0);
  set(Sign::asks, heard.asks ? 1 : 0);
  const std::vector<std::string>& terms = heard.own;
  const std::set<std::string_view> said(terms.begin(), terms.end());
  const std::set<std::string_view> has(page.begin(), page.end());
  const auto spoken_of = std::ranges::count_if(said, [&](auto word) { return has.contains(word); });
  const auto words = static_cast<double>(said.size());
  set(Sign::words, std::min(words, kManyWords) / kFewWords);
  constexpr double kUsual = 2, kMost = 6;  // log-odds of staying
  set(Sign::likely, subject.odds ? std::clamp(*subject.odds, -kMost, kMost) - kUsual : 0);
  constexpr double kUnknown = 0.5;  // of a page that is in another language
  set(Sign::speaks, said.empty()   ? 1
                    : page.empty() ? kUnknown
                                   : static_cast<double>(spoken_of) / words);
  return out;
}

const SignWeights& sign_weights(Reading reading) {
  // `parvis fit going-on src/service/dialogue/data/going_on.jsonl`, with the model and an adapter
  // of staying that had seen none of the pairs' pages, and --lexical; with going_on_foreign.jsonl;
  // and with the model without that adapter.
  static constexpr std::array<SignWeights, 4> kAll = {
      {{0.614, 0.351, 0.372, 2.274, -0.762, -4.281, -1.000, 2.952, -1.220, 0.684, 0.353, 0.047,
        0.512, -0.808, 0.839},
       {0.394, 0.256, 0.320, 5.734, -1.816, -4.991, -2.466, 2.264, -2.342, 0, 0.852, 0.223, 0.711,
        -0.966, 0.787},
       {0.626, 0.200, 0.437, 6.688, 0.081, 0.000, -5.006, 2.234, 0, 0, 0, 0, 0, 0, 0},
       {0.601, 0.345, 0.375, 4.124, -2.015, -4.715, -1.827, 2.979, -2.305, 0, 0.363, -0.040, 0.549,
        -0.821, 0.831}}};
  return kAll[static_cast<std::size_t>(reading)];
}

std::vector<double> chances(std::span<const Option> options, const SignWeights& weights) {
  std::vector<double> out;
  for (const Option& option : options)
    out.push_back(std::inner_product(weights.begin(), weights.end(), option.signs.begin(), 0.0));
  const double most = out.empty() ? 0 : std::ranges::max(out);
  double sum = 0;
  for (double& each : out) sum += each = std::exp(each - most);
  for (double& each : out) each /= sum;
  return out;
}

}  // namespace parvis::dialogue
