#include "base/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace parvis {
namespace {

bool named_well(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
  });
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// "{a="1",b="2"}", or nothing without labels; `more` is one label already written.
std::string label_set(const Labels& labels, std::string_view more = {}) {
  std::string out;
  for (const auto& [key, value] : labels)
    fmt::format_to(std::back_inserter(out), "{}{}=\"{}\"", out.empty() ? "" : ",", key,
                   escaped(value));
  if (!more.empty()) fmt::format_to(std::back_inserter(out), "{}{}", out.empty() ? "" : ",", more);
  return out.empty() ? out : "{" + out + "}";
}

}  // namespace

void Histogram::observe(double seconds) {
  const auto at = std::ranges::lower_bound(kBounds, seconds) - kBounds.begin();
  buckets_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  microseconds_.fetch_add(static_cast<std::uint64_t>(std::max(0.0, seconds) * 1e6),
                          std::memory_order_relaxed);
}

struct Metrics::Family {
  struct Series {
    Counter counter;
    Gauge gauge;
    Histogram histogram;
  };
  std::string kind;
  std::string help;
  std::map<Labels, std::unique_ptr<Series>> series;

  Series& at(Labels labels) {
    for (const auto& [key, value] : labels) CHECK(named_well(key));
    auto& slot = series[std::move(labels)];
    if (!slot) slot = std::make_unique<Series>();
    return *slot;
  }
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Family& Metrics::family(std::string_view name, std::string_view help,
                                 std::string_view kind) {
  CHECK(named_well(name));
  auto& slot = families_[std::string(name)];
  if (!slot) {
    slot = std::make_unique<Family>();
    slot->kind = kind;
    slot->help = help;
  }
  CHECK(slot->kind == kind);
  return *slot;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  return family(name, help, "counter").at(std::move(labels)).counter;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  return family(name, help, "gauge").at(std::move(labels)).gauge;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  return family(name, help, "histogram").at(std::move(labels)).histogram;
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  const auto line = [&]<typename... Parts>(fmt::format_string<Parts...> form, Parts&&... parts) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Parts>(parts)...);
  };
  for (const auto& [name, family] : families_) {
    line("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family->help), name, family->kind);
    for (const auto& [labels, series] : family->series) {
      if (family->kind == "counter") {
        line("{}{} {}\n", name, label_set(labels), series->counter.value());
      } else if (family->kind == "gauge") {
        line("{}{} {}\n", name, label_set(labels), series->gauge.value());
      } else {
        const Histogram& histogram = series->histogram;
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < histogram.buckets_.size(); ++i) {
          count += histogram.buckets_[i].load(std::memory_order_relaxed);
          const bool last = i == Histogram::kBounds.size();
          const std::string le = last ? "+Inf" : fmt::format("{}", Histogram::kBounds[i]);
          line("{}_bucket{} {}\n", name, label_set(labels, "le=\"" + le + "\""), count);
        }
        line("{}_sum{} {}\n", name, label_set(labels),
             static_cast<double>(histogram.microseconds_.load(std::memory_order_relaxed)) / 1e6);
        line("{}_count{} {}\n", name, label_set(labels), count);
      }
    }
  }
  return out;
}

}  // namespace parvis
