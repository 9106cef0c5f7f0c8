// What those who run the service look at: /healthz, /readyz, /metrics.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "http/router.hpp"

namespace parvis::http {

struct Degraded {
  std::string part;  // "vectors"
  std::string why;   // and the remedy
};
struct Readiness {
  bool ready = true;  // can serve, perhaps degraded
  std::vector<Degraded> degraded;
};

// GET /healthz: the process answers. GET /metrics: Prometheus text. Both run on the loop, so a full
// pool does not hide them. GET /readyz: {"ready":true,"degraded":[{"part","why"}]}, 503 when not
// ready; it runs on the pool, since a full pool is not ready. `metrics` outlives the router.
void add_ops(Router& router, const Metrics& metrics, std::function<Readiness()> readiness);

}  // namespace parvis::http
