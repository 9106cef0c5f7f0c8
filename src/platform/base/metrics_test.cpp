#include "base/metrics.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace parvis {
namespace {

using testing::HasSubstr;

TEST(Metrics, renders_counters_and_gauges_by_label) {
  Metrics metrics;
  metrics.counter("files_total", "Files", {{"kind", "x\"ml\n"}}).add(3);
  metrics.counter("files_total", "Files", {{"kind", "zip"}}).add();
  metrics.gauge("queue", "Waiting").set(-2);
  EXPECT_EQ(metrics.render(),
            "# HELP files_total Files\n# TYPE files_total counter\n"
            "files_total{kind=\"x\\\"ml\\n\"} 3\nfiles_total{kind=\"zip\"} 1\n"
            "# HELP queue Waiting\n# TYPE queue gauge\nqueue -2\n");
}

TEST(Metrics, gives_the_same_series_again) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counter("a", "A"), &metrics.counter("a", "A"));
  EXPECT_NE(&metrics.counter("a", "A"), &metrics.counter("a", "A", {{"k", "v"}}));
}

TEST(Metrics, accumulates_histogram_buckets) {
  Metrics metrics;
  Histogram& seconds = metrics.histogram("seconds", "Time", {{"route", "/"}});
  seconds.observe(0.001);
  seconds.observe(0.2);
  seconds.observe(60);
  const std::string text = metrics.render();
  EXPECT_THAT(text, HasSubstr("seconds_bucket{route=\"/\",le=\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{route=\"/\",le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{route=\"/\",le=\"0.25\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{route=\"/\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("seconds_count{route=\"/\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("seconds_sum{route=\"/\"} 60.201\n"));
}

TEST(Metrics, counts_from_several_threads) {
  Metrics metrics;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) metrics.counter("n", "N").add();
      metrics.render();
    });
  threads.clear();
  EXPECT_EQ(metrics.counter("n", "N").value(), 4000u);
}

TEST(MetricsDeathTest, refuses_two_kinds_for_a_name_and_bad_names) {
  Metrics metrics;
  metrics.counter("a", "A");
  EXPECT_DEATH(metrics.gauge("a", "A"), "CHECK failed");
  EXPECT_DEATH(metrics.gauge("a-b", "A"), "CHECK failed");
}

}  // namespace
}  // namespace parvis
