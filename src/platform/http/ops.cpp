#include "http/ops.hpp"

namespace parvis::http {

void add_ops(Router& router, const Metrics& metrics, std::function<Readiness()> readiness) {
  router.get("/healthz", [](const Request&) { return Response::json({{"alive", true}}); },
             {.runs = Runs::on_loop});
  router.get("/metrics",
             [&metrics](const Request&) {
               return Response::text(metrics.render())
                   .set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
             },
             {.runs = Runs::on_loop});
  router.get("/readyz", [readiness = std::move(readiness)](const Request&) {
    const Readiness state = readiness();
    boost::json::array degraded;
    for (const Degraded& part : state.degraded)
      degraded.push_back({{"part", part.part}, {"why", part.why}});
    return Response::json({{"ready", state.ready}, {"degraded", std::move(degraded)}},
                          state.ready ? 200 : 503);
  });
}

}  // namespace parvis::http
