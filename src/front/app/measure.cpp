#include "app/measure.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/lines.hpp"
#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

json::object figure(double ours, std::string_view than, double other) {
  return {{"ours", ours}, {than, other}, {"ratio", other > 0 ? ours / other : 0}};
}

}  // namespace

void Times::add(Clock::duration time) {
  ms_.push_back(std::chrono::duration<double, std::milli>(time).count());
}

void Times::add(const Times& others) {
  ms_.insert(ms_.end(), others.ms_.begin(), others.ms_.end());
}

double Times::at(double share) {
  std::ranges::sort(ms_);
  return ms_.at(static_cast<std::size_t>(share * static_cast<double>(ms_.size() - 1)));
}

json::object beside(double ours, double peer) { return figure(ours, "peer", peer); }
json::object within(double ours, double limit) { return figure(ours, "limit", limit); }

double memory_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/smaps_rollup");
  for (std::string word; file >> word;)
    if (word == "Pss:") {
      double kilobytes = 0;
      file >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

std::vector<std::string> questions_of(const Arguments& arguments) {
  std::vector<std::string> out;
  const std::filesystem::path file =
      arguments.operands.empty() ? "demo/questions.jsonl" : arguments.operands[0];
  each_line(file, [&](const json::object& line, std::size_t number) {
    out.push_back(text::clean(question_of(line, file, number)));
  });
  if (out.empty()) throw Error(Errc::invalid, file.string() + " has no question");
  return out;
}

void embed(Models& models, std::string_view question) {
  if (!models.embedder().embed(inference::Kind::query, question))
    throw Error(Errc::unavailable,
                "the model's process stopped while it was measured: measure again");
}

}  // namespace parvis::app
