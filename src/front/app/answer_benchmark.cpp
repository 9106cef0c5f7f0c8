// `bench answer`: the whole way from a question to its answer, called directly or through HTTP. The
// peer is the embedder alone, on the same questions: the least an answer with vectors can cost.
#include <fmt/format.h>

#include <atomic>
#include <future>
#include <iostream>

#include "app/conversation_server.hpp"
#include "app/measure.hpp"
#include "app/scratch.hpp"
#include "app/wire.hpp"
#include "base/error.hpp"

namespace parvis::app {
namespace {

using Clock = Times::Clock;

constexpr std::size_t kQuestions = 1000;  // asked in all, the file's again and again
constexpr std::size_t kQuestionsOverHttp = 500;
constexpr double kHttpLimit = 2;  // times the embedder's p95

// One more word each time, so that no cache answers.
std::string varied(const std::vector<std::string>& questions, std::size_t i,
                   std::string_view mark = "") {
  return fmt::format("{} {}{}", questions[i % questions.size()], i, mark);
}

void ask(const Answers& answers, std::string question) {
  answers.ask({.text = std::move(question), .earlier = {}, .chosen = {}}, "", system_now());
}

// Questions a second with two at a time.
template <typename Ask>
double throughput(std::size_t count, const Ask& ask) {
  std::atomic<std::size_t> next = 0;
  const auto start = Clock::now();
  auto some = [&] {
    for (std::size_t i = next++; i < count; i = next++) ask(i);
  };
  auto other = std::async(std::launch::async, some);
  some();
  other.get();
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - start).count();
}

void wait_for_model(Models& models) {
  if (models.cache(Models::Wait::loaded) == nullptr)
    throw Error(Errc::unavailable, models.problem());
}

int direct(const Arguments& arguments) {
  constexpr double kMegabyte = 1 << 20;
  const std::vector<std::string> questions = questions_of(arguments);
  const auto start = Clock::now();
  Home home(arguments.config);
  Models models(home.config);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  ask(answers, questions[0]);
  const std::chrono::duration<double, std::milli> first = Clock::now() - start;
  wait_for_model(models);
  const Answers warm(home, models, tenant_named(home, arguments.tenant));
  Times ours, peer;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const std::string question = varied(questions, i);
    auto before = Clock::now();
    ask(warm, question);
    ours.add(Clock::now() - before);
    before = Clock::now();
    embed(models, question);
    peer.add(Clock::now() - before);
  }
  const double ours_rate =
      throughput(kQuestions / 4, [&](std::size_t i) { ask(warm, varied(questions, i, "a")); });
  const double peer_rate =
      throughput(kQuestions / 4, [&](std::size_t i) { embed(models, varied(questions, i, "b")); });
  const double bytes = memory_of("self") + memory_of(std::to_string(models.embedder().child()));
  std::cout << json::serialize(json::object{{"peer", "the embedder alone"},
                                            {"questions", kQuestions},
                                            {"p50_ms", beside(ours.at(0.5), peer.at(0.5))},
                                            {"p95_ms", beside(ours.at(0.95), peer.at(0.95))},
                                            {"per_second", beside(ours_rate, peer_rate)},
                                            {"first_answer_ms", first.count()},
                                            {"memory_mb", bytes / kMegabyte}})
            << '\n';
  return 0;
}

struct Arrived {
  Clock::time_point first;   // event: the message itself, which every tab of the visitor shows
  Clock::time_point answer;  // the event of the answer
};

Arrived listen(Wire& stream) {
  Arrived at;
  next_event(stream);
  at.first = Clock::now();
  next_event(stream);
  at.answer = Clock::now();
  return at;
}

// Each question opens a conversation of its own, so that none is taken for a follow-up. Its stream
// is open before the question is sent; what is timed begins with the POST.
int over_http(const Arguments& arguments) {
  const std::vector<std::string> questions = questions_of(arguments);
  Home home(arguments.config);
  Models models(home.config);
  wait_for_model(models);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  // On the disk of the home, whose writes are what a visitor waits for.
  const ConversationServer server(
      {.folder = home.config.home / "bench.conversations",
       .policy = [&](dialogue::State state, const dialogue::Said& said, const std::string& commune,
                     Instant now) { return answers.step(std::move(state), said, commune, now); }});
  Times first, answered, peer;
  for (std::size_t i = 0; i < kQuestionsOverHttp; ++i) {
    const std::string question = varied(questions, i);
    const Talking talking = begin_conversation(server.port());
    Wire stream = Wire::connect(server.port());
    open_stream(stream, talking.target("events"), talking.token);
    auto listening = std::async(std::launch::async, [&] { return listen(stream); });
    const std::string body =
        json::serialize(json::object{{"id", "bench-message"}, {"text", question}});
    auto before = Clock::now();
    const Reply reply =
        call(server.port(), "POST", talking.target("messages"), body, talking.token);
    const Arrived arrived = listening.get();
    if (reply.status != 201) throw Error(Errc::unavailable, "a question is refused: " + reply.body);
    first.add(arrived.first - before);
    answered.add(arrived.answer - before);
    before = Clock::now();
    embed(models, question);
    peer.add(Clock::now() - before);
  }
  json::object p95 = beside(answered.at(0.95), peer.at(0.95));
  p95["limit"] = kHttpLimit;
  std::cout << json::serialize(
                   json::object{{"through", "HTTP and the stream of a conversation"},
                                {"peer", "the embedder alone"},
                                {"questions", kQuestionsOverHttp},
                                {"p50_ms", beside(answered.at(0.5), peer.at(0.5))},
                                {"p95_ms", std::move(p95)},
                                {"first_event_p50_ms", beside(first.at(0.5), peer.at(0.5))},
                                {"first_event_p95_ms", beside(first.at(0.95), peer.at(0.95))}})
            << '\n';
  return 0;
}

}  // namespace

int bench_answer(const Arguments& arguments) {
  return arguments.http ? over_http(arguments) : direct(arguments);
}

}  // namespace parvis::app
