// Makes the vectors that are missing while the server serves.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/home.hpp"
#include "app/models.hpp"
#include "retrieval/vectors.hpp"

namespace parvis::app {

// What is served, and whether all that the search looks at has its vector.
struct Served {
  std::string id;  // changes when the documents do
  bool complete = false;
};

// One thread, at the pace of the model's process; questions go before. Where it stops, it goes on
// the next time: what is made is kept.
class Vectorizer {
 public:
  // refresh: gives what is served the vectors made so far. Called from the thread: when the model
  // is ready, after the titles, then every kRefresh texts.
  Vectorizer(Home& home, Models& models, std::vector<std::string> tenants,
             std::function<Served()> refresh);
  ~Vectorizer();  // stops within one text
  Vectorizer(const Vectorizer&) = delete;
  Vectorizer& operator=(const Vectorizer&) = delete;

  // What a person should know; empty when nothing is missing.
  std::string missing() const;

  static constexpr std::size_t kRefresh = 5000;
  static constexpr std::chrono::seconds kLook{5};  // between looks for a model or for new documents

 private:
  void run();
  // False when it was stopped or the model is gone.
  bool work(search::VectorCache& cache, retrieval::Depth from);
  bool pause();  // false when it stops
  void say(std::string missing);

  Home& home_;
  Models& models_;
  const std::vector<std::string> tenants_;
  const std::function<Served()> refresh_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::string missing_ = "the embedding model is loading; the search is lexical meanwhile";
  std::string done_;  // what was served when nothing was left to make
  std::thread thread_;
};

}  // namespace parvis::app
