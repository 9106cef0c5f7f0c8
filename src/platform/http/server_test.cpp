// The real server on port 0, through a socket. Time-outs are set small where one is awaited and
// stay long where none may fire.
#include "http/server.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <semaphore>
#include <thread>

#include "base/log.hpp"
#include "http/assets.hpp"
#include "http/ops.hpp"
#include "support/http_client.hpp"

namespace parvis::http {
namespace {

using parvis::test::HttpClient;
using testing::HasSubstr;
using testing::Not;

struct House {
  explicit House(ServerOptions options = {}, std::size_t threads = 2, std::size_t queue = 16)
      : loops(2), workers(threads, queue) {
    log_from(Level::error);
    Router router;
    router.get("/hello", [](const Request& r) {
      return Response::text("hello " + std::string(r.query_value("name").value_or("")));
    });
    router.get("/{town}/sheet/{id}", [](const Request& r) {
      return Response::text(std::string(*r.param("town")) + "|" + std::string(*r.param("id")) +
                            "|" + r.route);
    });
    router.post("/echo", [](const Request& r) { return Response::text(r.body); });
    router.post("/small", [](const Request& r) { return Response::text(r.body); },
                {.body_bytes = 10});
    router.get("/refuse", [](const Request&) -> Response {
      throw Error(Errc::invalid, "La date est passée.");
    });
    router.get("/busy", [](const Request&) -> Response { throw Error(Errc::overloaded, ""); });
    router.get("/bug", [](const Request&) -> Response { throw std::runtime_error("secret"); });
    router.get("/odd", [](const Request&) -> Response { throw 7; });
    router.get("/peer", [](const Request& r) { return Response::text(r.peer); });
    router.get("/frame", [](const Request&) {
      return Response::text("").set("Content-Security-Policy", "frame-ancestors *");
    });
    router.get("/wait", [this](const Request&) {
      entered.release();
      go_on.wait();
      return Response::text("done");
    });
    router.receive(Method::put, "/files/{name}",
                   [this](const Request& r) -> std::variant<Response, Receiving> {
                     if (*r.param("name") == "none") throw Error(Errc::not_found, "");
                     return Receiving{.take =
                                          [this, &r](std::string_view bytes) {
                                            if (*r.param("name") == "bad")
                                              throw Error(Errc::conflict, "Non.");
                                            const std::scoped_lock lock(mutex);
                                            received += bytes;
                                            longest = std::max(longest, bytes.size());
                                          },
                                      .done =
                                          [this] {
                                            const std::scoped_lock lock(mutex);
                                            return Response::text(std::to_string(received.size()));
                                          }};
                   },
                   {.body_bytes = 1'000'000});
    router.get("/pieces/{count}", [](const Request& r) {
      const auto count = static_cast<std::uint64_t>(std::stoi(std::string(*r.param("count"))));
      Response out;
      out.pieces =
          std::make_shared<const PiecedBody>(PiecedBody{3 * count, [left = count]() mutable {
                                                          if (left-- == 7)
                                                            throw Error(Errc::failed, "a disk");
                                                          return std::string("abc");
                                                        }});
      return std::move(out).set("Content-Type", "text/plain");
    });
    router.get("/limited", [](const Request&) { return Response::text(""); },
               {.rate = std::make_shared<RateLimit>(2, std::chrono::hours(1))});
    add_ops(router, metrics, [] { return Readiness{true, {{"vectors", "le modèle se charge"}}}; });
    names = router.names();
    server.emplace(loops, workers, metrics, std::move(router), std::move(options));
    server->listen({"127.0.0.1", 0});
  }
  ~House() {
    release();
    server.reset();
    workers.stop();
  }
  void release() {
    if (!std::exchange(released, true)) gate.set_value();
  }
  std::uint16_t port() const { return server->port(); }

  std::mutex mutex;
  std::string received;  // by /files
  std::size_t longest = 0;
  std::promise<void> gate;  // opened by release()
  std::shared_future<void> go_on = gate.get_future().share();
  bool released = false;
  std::counting_semaphore<> entered{0};  // one for each handler inside /wait
  Metrics metrics;
  runtime::Loops loops;
  runtime::WorkerPool workers;
  std::vector<std::string> names;
  std::optional<Server> server;
};

ServerOptions with(Limits limits) { return {.limits = limits}; }

TEST(Server, routes_and_answers) {
  House house;
  HttpClient client(house.port());
  const auto hello = client.get("/hello?name=Zo%C3%A9+B");
  EXPECT_EQ(hello.status, 200);
  EXPECT_EQ(hello.body, "hello Zoé B");
  EXPECT_EQ(client.get("/a%20b/sheet/F1?x").body, "a b|F1|/{town}/sheet/{id}");
  EXPECT_EQ(client.get("http://elsewhere/hello").body, "hello ") << "absolute form";
  EXPECT_EQ(client.post("/echo", "body").body, "body");
  EXPECT_THAT(house.names, testing::Contains("GET /hello"));
}

TEST(Server, adds_security_headers_and_a_request_id) {
  House house;
  HttpClient client(house.port());
  const auto reply = client.get("/hello");
  EXPECT_THAT(reply.header("content-security-policy"), HasSubstr("default-src 'self'"));
  EXPECT_THAT(reply.header("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
  EXPECT_NE(reply.header("referrer-policy"), "");
  EXPECT_NE(reply.header("permissions-policy"), "");
  EXPECT_EQ(reply.header("cache-control"), "no-store");
  EXPECT_EQ(reply.header("x-request-id").size(), 16u);
  EXPECT_NE(reply.header("x-request-id"), client.get("/hello").header("x-request-id"));
  EXPECT_EQ(client.get("/frame").header("content-security-policy"), "frame-ancestors *");
}

TEST(Server, head_is_get_without_a_body) {
  House house;
  HttpClient client(house.port());
  const auto reply = client.request("HEAD", "/hello?name=a");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "7");
  EXPECT_EQ(client.get("/hello").status, 200) << "the connection is still in step";
}

TEST(Server, unknown_paths_and_methods) {
  House house;
  HttpClient client(house.port());
  const auto missing = client.get("/nowhere");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("content-type"), "application/problem+json");
  EXPECT_THAT(missing.body, HasSubstr(missing.header("x-request-id")));
  const auto wrong = client.request("DELETE", "/hello");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD");
  EXPECT_EQ(client.request("BREW", "/echo").header("allow"), "POST");
}

TEST(Server, hands_a_body_on_while_it_comes_and_keeps_what_came_before_a_cut) {
  House house;
  const std::string body(700'000, 'x');
  HttpClient client(house.port());
  EXPECT_EQ(client.request("PUT", "/files/a", {}, body).body, "700000");
  EXPECT_LE(house.longest, kReceivePiece);
  EXPECT_EQ(client.get("/hello").status, 200) << "the connection is still in step";
  {
    HttpClient cut(house.port());
    cut.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" +
             std::string(990, 'y'));
  }
  const auto kept = [&] {
    const std::scoped_lock lock(house.mutex);
    return house.received.size();
  };
  while (kept() < 700'990) std::this_thread::yield();  // the test's own time limit ends it
  EXPECT_EQ(kept(), 700'990u);
}

TEST(Server, refuses_a_body_before_or_while_it_comes) {
  House house;
  HttpClient large(house.port());
  large.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n");
  EXPECT_EQ(large.read()->status, 413);
  HttpClient missing(house.port());
  missing.send("PUT /files/none HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
  EXPECT_EQ(missing.read()->status, 404) << "not a byte was awaited";
  HttpClient bad(house.port());
  EXPECT_EQ(bad.request("PUT", "/files/bad", {}, "abc").status, 409);
  HttpClient chunked(house.port());
  chunked.send(
      "PUT /files/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.read()->body, "3");
}

TEST(Server, gives_a_body_in_pieces) {
  House house;
  HttpClient client(house.port());
  const auto reply = client.get("/pieces/5");
  EXPECT_EQ(reply.header("content-length"), "15");
  EXPECT_EQ(reply.body, "abcabcabcabcabc");
  EXPECT_EQ(client.request("HEAD", "/pieces/5").header("content-length"), "15");
  EXPECT_EQ(client.get("/hello").status, 200) << "the connection is still in step";
  client.send("GET /pieces/9 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(client.read().has_value()) << "cut off: its client knows that it is not whole";
}

TEST(Server, refuses_by_errors_and_hides_bugs) {
  House house;
  HttpClient client(house.port());
  const auto refused = client.get("/refuse");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("La date est passée."));
  EXPECT_EQ(client.get("/busy").status, 503);
  EXPECT_NE(client.get("/busy").header("retry-after"), "");
  log_from(Level(4));  // these two are expected: keep the test's output clean
  const auto bug = client.get("/bug");
  EXPECT_EQ(bug.status, 500);
  EXPECT_THAT(bug.body, Not(HasSubstr("secret")));
  EXPECT_EQ(client.get("/odd").status, 500);
}

TEST(Server, shows_people_a_page) {
  ServerOptions options;
  options.error_page = [](const Request& r, const Refusal& refused) {
    if (r.path == "/bug") throw std::runtime_error("page");
    return Response::html("<p>" + std::to_string(refused.status));
  };
  House house(std::move(options));
  HttpClient client(house.port());
  const parvis::test::Fields browser = {{"Accept", "text/html,*/*"}};
  const auto page = client.get("/nowhere", browser);
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.body, "<p>404");
  EXPECT_EQ(client.get("/refuse", browser).body, "<p>400");
  EXPECT_THAT(client.get("/refuse").body, HasSubstr("request_id"));
  log_from(Level(4));
  EXPECT_EQ(client.get("/bug", browser).status, 500) << "a failing page falls back to a problem";
}

TEST(Server, keeps_connections_and_counts_requests) {
  House house(with({.requests_per_connection = 3}));
  HttpClient client(house.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get("/hello").status, 200);
  EXPECT_TRUE(client.closed());
  HttpClient close(house.port());
  EXPECT_EQ(close.get("/hello", {{"Connection", "close"}}).header("connection"), "close");
  EXPECT_TRUE(close.closed());
  HttpClient old(house.port());
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read()->status, 200);
  EXPECT_TRUE(old.closed());
}

TEST(Server, answers_pipelined_requests_in_order) {
  House house;
  HttpClient client(house.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += "GET /hello?name=" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  all += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET /bad";
  client.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.read()->body, "hello " + std::to_string(i));
  EXPECT_EQ(client.read()->body, "ok");
}

TEST(Server, reads_chunked_bodies_and_continues) {
  House house;
  HttpClient client(house.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: 1\r\n\r\n");
  EXPECT_EQ(client.read()->body, "abcdefg");
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read()->status, 100);
  client.send("ok");
  EXPECT_EQ(client.read()->body, "ok");
}

TEST(Server, refuses_oversize) {
  House house(with({.header_bytes = 2048, .header_fields = 10, .target_bytes = 1024}));
  const auto status = [&](const std::string& bytes) {
    HttpClient client(house.port());
    client.send(bytes);
    const auto reply = client.read();
    EXPECT_TRUE(client.closed());
    return reply ? reply->status : 0;
  };
  const std::string get = "GET /hello HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(status(get + "X: " + std::string(4000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(status(get + "X: " + std::string(400'000, 'a') + "\r\n\r\n"), 431);
  std::string many = get;
  for (int i = 0; i < 20; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  HttpClient fields(house.port());
  fields.send(many + "\r\n");
  EXPECT_EQ(fields.read()->status, 431);
  HttpClient target(house.port());
  target.send("GET /" + std::string(1500, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(target.read()->status, 414);
  EXPECT_EQ(status("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"), 413);
  EXPECT_EQ(status("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"), 413);
  EXPECT_EQ(status("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n"),
            413);
  HttpClient exact(house.port());
  EXPECT_EQ(exact.request("POST", "/small", {}, "0123456789").status, 200);
  HttpClient megabyte(house.port());
  EXPECT_EQ(megabyte.post("/echo", std::string(200'000, 'a')).status, 413)
      << "the answer arrives though the body was not read";
}

TEST(Server, refuses_what_is_not_http) {
  House house;
  for (const std::string bytes :
       {"\r\n\x16\x03\x01\x02hello\r\n\r\n", "GET /hello\r\n\r\n", "GET /hello HTTP/9.9\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello?name=%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    HttpClient client(house.port());
    client.send(bytes);
    client.half_close();
    const auto reply = client.read();
    ASSERT_TRUE(reply) << bytes;
    EXPECT_EQ(reply->status, 400) << bytes;
    EXPECT_EQ(reply->header("content-type"), "application/problem+json") << bytes;
  }
  HttpClient after(house.port());
  EXPECT_EQ(after.get("/hello").status, 200);
}

TEST(Server, cuts_slow_clients) {
  House house(with({.header_time = 50ms, .body_time = 50ms, .idle_time = 50ms}));
  HttpClient silent(house.port());
  HttpClient half_header(house.port());
  half_header.send("GET /hello HTTP/1.1\r\nHo");
  HttpClient half_body(house.port());
  half_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  HttpClient idle(house.port());
  EXPECT_EQ(idle.get("/hello").status, 200);
  for (HttpClient* client : {&silent, &half_header, &half_body, &idle})
    EXPECT_TRUE(client->closed());
}

TEST(Server, a_dripping_header_does_not_extend_its_deadline) {
  House house(with({.header_time = 100ms}));
  HttpClient client(house.port());
  const std::string drip = "GET /hello HTTP/1.1\r\nHost: a\r\nX: ";
  std::promise<void> cut;
  auto is_cut = cut.get_future();
  std::jthread dripper([&] {
    for (std::size_t i = 0; is_cut.wait_for(10ms) == std::future_status::timeout; ++i)
      if (!client.send(i < drip.size() ? drip.substr(i, 1) : "a")) return;
  });
  EXPECT_TRUE(client.closed());
  cut.set_value();
}

TEST(Server, answers_a_half_open_connection) {
  House house;
  HttpClient client(house.port());
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  client.half_close();
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_TRUE(client.closed());
  {
    HttpClient gone(house.port());
    gone.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Le");
  }
  HttpClient after(house.port());
  EXPECT_EQ(after.get("/hello").status, 200);
}

TEST(Server, says_503_at_once_when_the_pool_is_full) {
  House house({}, 1, 1);
  HttpClient running(house.port()), waiting(house.port()), refused(house.port());
  running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  house.entered.acquire();
  waiting.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  while (house.workers.waiting() == 0) std::this_thread::yield();
  const auto reply = refused.get("/hello");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("retry-after"), "2");
  EXPECT_EQ(refused.get("/healthz").status, 200) << "health does not need a worker";
  const std::string figures = refused.get("/metrics").body;
  EXPECT_THAT(figures, HasSubstr("parvis_http_rejected_total 1\n"));
  EXPECT_THAT(figures, HasSubstr("parvis_http_connections 3\n"));
  EXPECT_THAT(figures, HasSubstr("parvis_http_queue 1\n"));
  house.release();
  EXPECT_EQ(running.read()->body, "done");
  EXPECT_EQ(waiting.read()->status, 200);
  EXPECT_THAT(refused.get("/metrics").body, HasSubstr("parvis_http_queue 0\n"));
}

TEST(Server, finishes_what_runs_before_it_stops) {
  House house;
  HttpClient running(house.port()), idle(house.port());
  EXPECT_EQ(idle.get("/hello").status, 200);
  running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  house.entered.acquire();
  auto stopped = std::async(std::launch::async, [&] { return house.server->stop(); });
  EXPECT_TRUE(idle.closed()) << "idle connections close at once";
  EXPECT_THROW(HttpClient(house.port()).get("/hello"), std::runtime_error) << "no longer accepting";
  house.release();
  const auto reply = running.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "done");
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_TRUE(stopped.get());
}

TEST(Server, cuts_what_outlives_the_limit_of_a_stop) {
  log_from(Level::error);
  House house(with({.linger_time = 20ms, .drain_time = 20ms}));
  HttpClient running(house.port());
  running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  house.entered.acquire();
  EXPECT_FALSE(house.server->stop());
  EXPECT_TRUE(running.closed());
}

TEST(Server, bounds_connections) {
  House house(with({.connections = 3, .connections_per_address = 2}));
  HttpClient first(house.port()), second(house.port());
  EXPECT_EQ(first.get("/hello").status, 200);
  EXPECT_EQ(second.get("/hello").status, 200);
  HttpClient third(house.port());
  EXPECT_EQ(third.read()->status, 503);
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(first.get("/hello", {{"Connection", "close"}}).status, 200);
  first.half_close();
  EXPECT_TRUE(first.closed());
  // The place is given back soon after the close is seen.
  for (;;) {
    HttpClient again(house.port());
    again.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto reply = again.read();  // nothing when the refusal crossed our request
    if (reply && reply->status == 200) break;
  }
}

TEST(Server, holds_a_thousand_connections_and_refuses_the_next) {
  constexpr std::size_t kMany = 1000;
  House house(with({.connections = kMany, .connections_per_address = kMany, .header_time = 60s}));
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (std::size_t i = 0; i < kMany; ++i)
    clients.push_back(std::make_unique<HttpClient>(house.port()));
  for (const auto& client : clients) ASSERT_EQ(client->get("/healthz").status, 200);
  HttpClient next(house.port());
  EXPECT_EQ(next.read()->status, 503);
  EXPECT_EQ(clients.front()->get("/hello").status, 200);
}

TEST(Server, believes_a_local_proxy_only_when_told) {
  const parvis::test::Fields forwarded = {{"X-Forwarded-For", "10.0.0.1, 192.0.2.7"}};
  House house;
  EXPECT_EQ(HttpClient(house.port()).get("/peer", forwarded).body, "127.0.0.1");
  House behind({.forwarded = Forwarded::local_proxy});
  HttpClient client(behind.port());
  EXPECT_EQ(client.get("/peer", forwarded).body, "192.0.2.7");
  EXPECT_EQ(client.get("/peer").body, "127.0.0.1");
  EXPECT_EQ(
      client.get("/peer", {{"X-Forwarded-For", "10.0.0.1"}, {"X-Forwarded-For", "192.0.2.7"}}).body,
      "192.0.2.7")
      << "a proxy that adds a field of its own, after the client's";
  EXPECT_EQ(client.get("/peer", {{"X-Forwarded-For", "nonsense"}}).body, "127.0.0.1");
}

TEST(Server, limits_the_rate_of_a_route) {
  House house;
  HttpClient client(house.port());
  EXPECT_EQ(client.get("/limited").status, 200);
  EXPECT_EQ(client.get("/limited").status, 200);
  const auto refused = client.get("/limited");
  EXPECT_EQ(refused.status, 429);
  EXPECT_NE(refused.header("retry-after"), "");
  EXPECT_EQ(client.get("/hello").status, 200);
}

TEST(Server, tells_readiness_and_metrics) {
  House house;
  HttpClient client(house.port());
  EXPECT_EQ(client.get("/readyz").body,
            R"({"ready":true,"degraded":[{"part":"vectors","why":"le modèle se charge"}]})");
  client.get("/nowhere?q=secret");
  client.get("/hello?name=secret");
  const std::string figures = client.get("/metrics").body;
  EXPECT_THAT(figures,
              HasSubstr("parvis_http_requests_total{route=\"GET /hello\",status=\"2xx\"} 1\n"));
  EXPECT_THAT(figures, HasSubstr("parvis_http_requests_total{route=\"none\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(figures, HasSubstr("parvis_http_request_seconds_count{route=\"GET /hello\"} 1\n"));
  EXPECT_THAT(figures, Not(HasSubstr("secret")));
}

TEST(Server, listens_on_a_unix_socket_left_by_a_dead_process) {
  const std::string path = testing::TempDir() + "parvis-" + std::to_string(getpid()) + ".sock";
  runtime::Loops loops;
  runtime::WorkerPool workers(1, 1);
  Metrics metrics;
  log_from(Level::error);
  const auto server = [&] {
    Router router;
    router.get("/peer", [](const Request& r) { return Response::text(r.peer); });
    return std::make_unique<Server>(loops, workers, metrics, std::move(router));
  };
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, sizeof at.sun_path - 1);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  ::close(dead);
  auto one = server();
  one->listen({path, 0, true});
  EXPECT_EQ(HttpClient(path).get("/peer").body, "unix");
  EXPECT_EQ(one->address(), "unix:" + path);
  auto two = server();
  EXPECT_THROW(two->listen({path, 0, true}), Error) << "a living server keeps its socket";
  one.reset();
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

TEST(Server, serves_files_with_their_versions) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("assets-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "fonts");
  std::ofstream(folder / "a.css") << "p{}";
  std::ofstream(folder / "fonts" / "f.woff2") << "font";
  std::ofstream(folder / "secret.key") << "no";
  const Assets assets(folder, "/assets");
  std::filesystem::remove_all(folder);
  runtime::Loops loops;
  runtime::WorkerPool workers(1, 1);
  Metrics metrics;
  log_from(Level::error);
  Router router;
  assets.add_to(router);
  Server server(loops, workers, metrics, std::move(router));
  server.listen({"127.0.0.1", 0});
  HttpClient client(server.port());
  const auto css = client.get("/assets/a.css");
  EXPECT_EQ(css.body, "p{}");
  EXPECT_EQ(css.header("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(css.header("cache-control"), "no-cache");
  EXPECT_THAT(client.get(assets.url("a.css")).header("cache-control"), HasSubstr("immutable"));
  const auto same = client.get("/assets/a.css", {{"If-None-Match", css.header("etag")}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.header("etag"), css.header("etag"));
  EXPECT_EQ(client.get("/assets/a.css", {{"If-None-Match", "\"other\""}}).status, 200);
  EXPECT_EQ(client.request("HEAD", "/assets/fonts/f.woff2").header("content-length"), "4");
  EXPECT_EQ(client.get("/assets/secret.key").status, 404);
  EXPECT_EQ(client.get("/assets/..%2Fpasswd").status, 404);
  EXPECT_THROW(Assets("/nowhere", "/a"), Error);
}

TEST(Server, answers_many_clients_at_once) {
  House house({}, 2, 64);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> clients;
    for (int t = 0; t < 8; ++t)
      clients.emplace_back([&, t] {
        HttpClient client(house.port());
        for (int i = 0; i < 50; ++i) {
          const std::string body = std::to_string(t * 1000 + i);
          if (client.post("/echo", body).body == body) ++right;
        }
      });
  }
  EXPECT_EQ(right, 400);
}

TEST(Listen, reads_addresses) {
  EXPECT_EQ(parse_listen("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_listen("[::1]:0")->address, "::1");
  EXPECT_EQ(parse_listen("localhost:1")->address, "127.0.0.1");
  EXPECT_EQ(parse_listen("unix:/run/p.sock")->address, "/run/p.sock");
  for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "a.b:1",
                          "::1:8", "127.0.0.1:8x", "unix:", "127.0.0.1:-1"})
    EXPECT_FALSE(parse_listen(bad)) << bad;
}

TEST(Listen, says_when_a_port_is_taken) {
  House house;
  runtime::Loops loops;
  runtime::WorkerPool workers(1, 1);
  Metrics metrics;
  Server other(loops, workers, metrics, Router());
  EXPECT_THROW(other.listen({"127.0.0.1", house.port()}), Error);
}

}  // namespace
}  // namespace parvis::http
