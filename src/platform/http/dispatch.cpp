#include "http/dispatch.hpp"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "http/url.hpp"

namespace parvis::http {
namespace {

namespace asio = boost::asio;

// The path and query of a request target, in origin or absolute form (RFC 9112 §3.2).
std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t authority = target.find("://");
  if (authority == std::string_view::npos) return target;
  const std::size_t path = target.find('/', authority + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

Dispatcher::Dispatcher(runtime::WorkerPool& workers, Metrics& metrics, Router router,
                       const ServerOptions& options)
    : workers_(workers),
      router_(std::move(router)),
      options_(options),
      queued_(metrics.gauge("parvis_http_queue", "Requests waiting for a worker")),
      rejected_(metrics.counter("parvis_http_rejected_total", "Requests refused by a full pool")),
      limited_(metrics.counter("parvis_http_rate_limited_total", "Requests over their rate limit")),
      events_(metrics.counter("parvis_http_stream_events_total", "Events sent by streams")),
      streams_(options.limits.streams, options.limits.streams_per_address,
               metrics.gauge("parvis_http_streams", "Streams open"),
               metrics.counter("parvis_http_streams_refused_total",
                               "Streams over the total or per-address limit")) {
  for (const Route& route : router_.routes())
    by_route_.push_back(series(metrics, std::string(name(route.method)) + " " + route.pattern));
  unrouted_ = series(metrics, "none");
}

Dispatcher::Series Dispatcher::series(Metrics& metrics, const std::string& route) {
  Series out;
  for (std::size_t c = 2; c < out.by_class.size(); ++c)
    out.by_class[c] = &metrics.counter("parvis_http_requests_total", "Requests answered",
                                       {{"route", route}, {"status", std::to_string(c) + "xx"}});
  out.seconds =
      &metrics.histogram("parvis_http_request_seconds",
                         "From the header's last byte to the answer's", {{"route", route}});
  return out;
}

std::expected<const Route*, Response> Dispatcher::admit(Request& request, std::string_view target,
                                                        unsigned http_version) {
  const auto refused = [&](int status) { return std::unexpected(render(request, {status, ""})); };
  if (request.headers.size() > options_.limits.header_fields) return refused(431);
  const auto hosts = std::ranges::count(request.headers, "host", &Pairs::value_type::first);
  if (hosts > 1 || (hosts == 0 && http_version >= 11)) return refused(400);
  if (target.size() > options_.limits.target_bytes) return refused(414);

  target = origin_form(target);
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) {
    auto query = parse_pairs(target.substr(mark + 1));
    if (!query) return refused(400);
    request.query = *std::move(query);
  }
  auto match = router_.match(request.method, request.path);
  if (!match) return refused(400);
  if (!match->route && match->allow.empty()) return refused(404);
  if (!match->route) return std::unexpected(render(request, {405, ""}).set("Allow", match->allow));
  request.route = match->route->pattern;
  request.params = std::move(match->params);
  if (const auto& rate = match->route->options.rate) {
    if (const auto wait = rate->refuse(request.peer, request.received_at)) {
      limited_.add();
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
      return std::unexpected(render(request, {429, "Trop de demandes. Réessayez dans un instant."})
                                 .set("Retry-After", std::to_string(seconds)));
    }
  }
  return match->route;
}

asio::awaitable<Dispatcher::Answer> Dispatcher::answer(const Request& request, const Route& route) {
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  Answer answer;
  const auto run = [&] { answer = call(request, route, loop); };
  if (route.options.runs == Runs::on_loop) {
    run();
    co_return answer;
  }
  if (!co_await on_worker(run)) {
    rejected_.add();
    answer = overloaded(request);
  }
  co_return answer;
}

asio::awaitable<bool> Dispatcher::on_worker(const std::function<void()>& work) {
  const auto here = co_await asio::this_coro::executor;
  const auto start = [this, &work, here](auto handler) {
    // Shared: the pool may hand the task back, and the handler is needed to say so.
    auto done = std::make_shared<decltype(handler)>(std::move(handler));
    const auto back = [done, here](bool ran) {
      asio::post(here, [done, ran] { std::move (*done)(ran); });
    };
    queued_.add(1);
    runtime::WorkerPool::Task task = [this, &work, back] {
      queued_.add(-1);
      work();
      back(true);
    };
    if (workers_.try_submit(std::move(task))) return;
    queued_.add(-1);
    back(false);
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
      start, asio::use_awaitable);
}

Dispatcher::Answer Dispatcher::call(const Request& request, const Route& route,
                                    const asio::any_io_executor& loop) noexcept {
  Answer answer;
  auto refused = guarded(request, [&] {
    if (!route.streams) {
      answer = route.handler(request);
      return;
    }
    Reply reply = route.streams(request);
    if (Response* response = std::get_if<Response>(&reply))
      answer = std::move(*response);
    else
      answer = open(request, route, std::get<Stream>(std::move(reply)), loop);
  });
  return refused ? Answer(*std::move(refused)) : std::move(answer);
}

std::optional<Response> Dispatcher::guarded(const Request& request,
                                            const std::function<void()>& act) const noexcept {
  try {
    act();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() == Errc::failed)
      log(Level::error, "failed", {{"request", request.request_id}, {"error", error.detail()}});
    const Refusal refused = refusal(error);
    Response response = render(request, refused);
    if (refused.status == 503) response.set("Retry-After", std::to_string(kRetryAfter.count()));
    return response;
  } catch (const std::exception& error) {
    log(Level::error, "failed", {{"request", request.request_id}, {"error", error.what()}});
  } catch (...) {
    log(Level::error, "failed", {{"request", request.request_id}, {"error", "unknown"}});
  }
  return render(request, {500, ""});
}

asio::awaitable<bool> Dispatcher::on_worker_in_time(const std::function<void()>& work) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (std::size_t tries = 0; tries < kReceiveTries; ++tries) {
    if (co_await on_worker(work)) co_return true;
    pause.expires_after(options_.limits.stream_pause_time);
    co_await pause.async_wait(asio::use_awaitable);
  }
  rejected_.add();
  co_return false;
}

asio::awaitable<std::variant<Response, Receiving>> Dispatcher::begin(const Request& request,
                                                                     const Route& route) {
  std::variant<Response, Receiving> out;
  std::optional<Response> refused;
  const bool ran = co_await on_worker_in_time(
      [&] { refused = guarded(request, [&] { out = route.receives(request); }); });
  if (!ran) refused = overloaded(request);
  if (refused) out = *std::move(refused);
  co_return out;
}

asio::awaitable<std::optional<Response>> Dispatcher::take(const Request& request,
                                                          const Receiving& receiving,
                                                          std::string_view piece) {
  std::optional<Response> refused;
  const bool ran = co_await on_worker_in_time(
      [&] { refused = guarded(request, [&] { receiving.take(piece); }); });
  if (!ran) refused = overloaded(request);
  co_return refused;
}

asio::awaitable<Response> Dispatcher::finish(const Request& request, const Receiving& receiving) {
  Response out;
  std::optional<Response> refused;
  const bool ran = co_await on_worker_in_time(
      [&] { refused = guarded(request, [&] { out = receiving.done(); }); });
  if (!ran) refused = overloaded(request);
  co_return refused ? *std::move(refused) : std::move(out);
}

// Subscribes, then reads, in the handler's own turn on the pool: what the first reading throws is
// still answered with a status.
Dispatcher::Answer Dispatcher::open(const Request& request, const Route& route, Stream stream,
                                    const asio::any_io_executor& loop) {
  CHECK(stream.next);
  const auto after = resume_id(request);
  if (!after) return render(request, {400, "Le point de reprise n’est pas valable."});
  std::string head = head_of(stream, request.request_id);
  if (request.method == Method::head) {
    Response response{.headers = stream.headers};
    return response.set("Content-Type", "text/event-stream; charset=utf-8");
  }
  auto place = streams_.take(counted_address(request.peer, options_.forwarded));
  if (!place) return overloaded(request);
  runtime::Doorbell::Bell bell(stream.doorbell, stream.topic, loop);
  Page first = page_after(stream, *after);
  return std::unique_ptr<Opening>(new Opening{std::move(stream), *std::move(place), std::move(bell),
                                              std::move(head), std::move(first), request.request_id,
                                              route});
}

Response Dispatcher::overloaded(const Request& request) const {
  return render(request, {503, "Le service est très demandé. Réessayez dans un instant."})
      .set("Retry-After", std::to_string(kRetryAfter.count()));
}

Response Dispatcher::render(const Request& request, const Refusal& refused) const {
  if (options_.error_page && request.prefers_html()) {
    try {
      Response page = options_.error_page(request, refused);
      page.status = refused.status;
      return page;
    } catch (const std::exception& error) {
      log(Level::error, "error page", {{"request", request.request_id}, {"error", error.what()}});
    }
  }
  return problem(refused, request.request_id);
}

void Dispatcher::count(const Route* route, int status, std::chrono::duration<double> took) {
  const Series& series =
      route ? by_route_[static_cast<std::size_t>(route - router_.routes().data())] : unrouted_;
  const auto status_class = static_cast<std::size_t>(status / 100);
  if (status_class >= 2 && status_class < series.by_class.size())
    series.by_class[status_class]->add();
  series.seconds->observe(took.count());
}

void Dispatcher::record(const Request& request, const Route* route, const Response& response,
                        std::chrono::duration<double> took) {
  count(route, response.status, took);
  log(Level::info, "request",
      {{"request", request.request_id},
       {"method", name(request.method)},
       {"route", route ? std::string_view(route->pattern) : std::string_view("none")},
       {"status", response.status},
       {"bytes", response.length()},
       {"ms", took.count() * 1000}});
}

void Dispatcher::began(const Opening& opening, std::chrono::duration<double> took) {
  count(&opening.route, 200, took);
}

void Dispatcher::ended(const Opening& opening, const Ended& ended) {
  log(Level::info, "stream",
      {{"request", opening.request_id},
       {"method", name(opening.route.method)},
       {"route", opening.route.pattern},
       {"status", 200},
       {"ended", ended.why},
       {"events", ended.events},
       {"bytes", ended.bytes},
       {"ms", ended.took.count() * 1000}});
}

}  // namespace parvis::http
