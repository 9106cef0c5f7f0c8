#include "inference/embedder.hpp"

#include <ggml.h>
#include <gguf.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

namespace parvis::inference {
namespace {

using namespace std::chrono_literals;
using State = Embedder::State;

std::filesystem::path model() {
  const char* folder = std::getenv("PARVIS_MODELS");
  return std::filesystem::path(folder == nullptr ? "" : folder) / "multilingual-e5-small-q4_0.gguf";
}

float cosine(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

class WithModel : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(model())) << "run bin/setup: " << model();
  }
};

struct Scratch {
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "parvis-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

// A low-rank adaptation of the first layer's values, of rank 1, as a file's bytes.
std::string adapter_for(const std::string& model, const Scratch& scratch) {
  constexpr std::int64_t kDimension = 384;
  gguf_context* file = gguf_init_empty();
  gguf_set_val_str(file, "general.type", "adapter");
  gguf_set_val_str(file, "general.architecture", "bert");
  gguf_set_val_str(file, "adapter.type", "lora");
  gguf_set_val_f32(file, "adapter.lora.alpha", 1);
  gguf_set_val_str(file, "parvis.model", model.c_str());
  ggml_context* memory = ggml_init({.mem_size = 1 << 20, .mem_buffer = nullptr, .no_alloc = false});
  ggml_tensor* a = ggml_new_tensor_2d(memory, GGML_TYPE_F32, kDimension, 1);
  ggml_tensor* b = ggml_new_tensor_2d(memory, GGML_TYPE_F32, 1, kDimension);
  ggml_set_name(a, "blk.0.attn_v.weight.lora_a");
  ggml_set_name(b, "blk.0.attn_v.weight.lora_b");
  for (ggml_tensor* each : {a, b}) {
    for (std::int64_t i = 0; i < kDimension; ++i)
      static_cast<float*>(each->data)[i] = i % 2 == 0 ? 1.0F : -0.5F;
    gguf_add_tensor(file, each);
  }
  const std::string path = scratch.folder / "adapter.gguf";
  gguf_write_to_file(file, path.c_str(), false);
  ggml_free(memory);
  gguf_free(file);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(WithModel, bends_texts_of_a_kind_by_its_adapter_and_leaves_every_other_as_it_is) {
  const Scratch scratch;
  Embedder plain({.model = model(), .answer_timeout = 60s});
  ASSERT_EQ(plain.wait().state, State::ready) << plain.status().detail;
  EXPECT_EQ(plain.query_model(), plain.model());
  const std::string adapter = adapter_for(plain.model(), scratch);
  Embedder bent({.model = model(), .query_adapter = adapter, .answer_timeout = 60s});
  ASSERT_EQ(bent.wait().state, State::ready) << bent.status().detail;
  EXPECT_EQ(bent.model(), plain.model());
  EXPECT_NE(bent.query_model(), plain.model());
  EXPECT_EQ(bent.query_model().size(), 64U);
  Embedder of_pages({.model = model(), .page_adapter = adapter, .answer_timeout = 60s});
  ASSERT_EQ(of_pages.wait().state, State::ready) << of_pages.status().detail;
  EXPECT_EQ(of_pages.query_model(), plain.model());
  Embedder staying({.model = model(), .stays_adapter = adapter, .answer_timeout = 60s});
  ASSERT_EQ(staying.wait().state, State::ready) << staying.status().detail;
  const auto expect_bent = [&](Embedder& embedder, Kind kind, bool is_bent) {
    const auto as_it_is = plain.embed(kind, "carte grise"),
               with = embedder.embed(kind, "carte grise");
    ASSERT_TRUE(as_it_is && with);
    if (is_bent)
      EXPECT_LT(cosine(*as_it_is, *with), 0.999F);
    else
      EXPECT_THAT(*with, testing::Pointwise(testing::FloatNear(1e-5F), *as_it_is));
  };
  for (const Kind kind :
       {Kind::passage, Kind::query, Kind::anchor, Kind::of_page, Kind::stays, Kind::going_on}) {
    expect_bent(bent, kind, kind == Kind::query);
    expect_bent(of_pages, kind, kind == Kind::of_page);
    expect_bent(staying, kind, kind == Kind::stays);
  }
}

TEST_F(WithModel, goes_without_the_adapter_of_another_model_and_refuses_one_that_is_none) {
  const Scratch scratch;
  const std::string others = adapter_for(std::string(64, 'a'), scratch);
  Embedder without({.model = model(), .query_adapter = others, .answer_timeout = 60s});
  ASSERT_EQ(without.wait().state, State::ready) << without.status().detail;
  EXPECT_EQ(without.query_model(), without.model());
  Embedder broken({.model = model(), .query_adapter = "GGUF but not really"});
  EXPECT_EQ(broken.wait().state, State::broken);
}

TEST_F(WithModel, puts_a_question_near_the_sheet_that_answers_it) {
  Embedder embedder({.model = model(), .answer_timeout = 60s});
  ASSERT_EQ(embedder.wait().state, State::ready) << embedder.status().detail;
  EXPECT_EQ(embedder.dimension(), 384U);
  EXPECT_EQ(embedder.model().size(), 64U);
  const auto question = embedder.embed(Kind::query, "j'ai perdu mes papiers d'identité");
  const auto right = embedder.embed(Kind::passage, "Perte de la carte nationale d'identité");
  const auto wrong = embedder.embed(Kind::passage, "Taxe d'habitation : calcul de l'impôt");
  ASSERT_TRUE(question && right && wrong);
  EXPECT_NEAR(cosine(*question, *question), 1, 1e-4);
  EXPECT_GT(cosine(*question, *right), cosine(*question, *wrong) + 0.05F);
}

TEST_F(WithModel, tells_a_question_from_a_passage) {
  Embedder embedder({.model = model(), .answer_timeout = 60s});
  embedder.wait();
  const auto one = embedder.embed(Kind::query, "carte grise");
  const auto other = embedder.embed(Kind::passage, "carte grise");
  ASSERT_TRUE(one && other);
  EXPECT_LT(cosine(*one, *other), 0.999F);
}

TEST_F(WithModel, cuts_what_passes_the_context_and_takes_an_empty_text) {
  Embedder embedder({.model = model(), .answer_timeout = 60s});
  embedder.wait();
  std::string endless;
  for (int i = 0; i < 20'000; ++i) endless += "passeport ";
  const auto cut = embedder.embed(Kind::query, endless);
  ASSERT_TRUE(cut);
  EXPECT_NEAR(cosine(*cut, *cut), 1, 1e-4);
  EXPECT_TRUE(embedder.embed(Kind::query, ""));  // the prefix alone
}

TEST_F(WithModel, starts_a_killed_child_again) {
  Embedder embedder({.model = model(), .answer_timeout = 60s, .first_retry = 1ms});
  ASSERT_EQ(embedder.wait().state, State::ready);
  const pid_t first = embedder.child();
  ::kill(first, SIGKILL);
  EXPECT_FALSE(embedder.embed(Kind::query, "passeport"));  // this call notices
  ASSERT_EQ(embedder.wait().state, State::ready);
  EXPECT_TRUE(embedder.embed(Kind::query, "passeport"));
  EXPECT_NE(embedder.child(), first);
}

TEST_F(WithModel, serves_many_threads) {
  Embedder embedder({.model = model(), .answer_timeout = 60s});
  embedder.wait();
  const auto alone = embedder.embed(Kind::query, "naissance");
  ASSERT_TRUE(alone);
  std::vector<std::thread> threads;
  std::atomic<int> same = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3; ++i) {
        const auto v = embedder.embed(t % 2 == 0 ? Kind::query : Kind::passage, "naissance");
        if (v && t % 2 == 0 && cosine(*v, *alone) > 0.9999F) ++same;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, 6);
}

TEST_F(WithModel, a_long_queue_ends_no_child_that_answers) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "passeport ";
  std::chrono::milliseconds one{};
  {
    Embedder embedder({.model = model(), .answer_timeout = 60s});
    embedder.wait();
    const auto before = std::chrono::steady_clock::now();
    ASSERT_TRUE(embedder.embed(Kind::query, text));
    one = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                before);
  }
  constexpr int kPatience = 20, kAskers = 2 * kPatience;
  Embedder embedder({.model = model(), .answer_timeout = kPatience * (one + 1ms)});
  ASSERT_EQ(embedder.wait().state, State::ready);
  const pid_t child = embedder.child();
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int t = 0; t < kAskers; ++t)
    threads.emplace_back([&] { answered += embedder.embed(Kind::query, text) ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(answered, 0);
  EXPECT_EQ(embedder.child(), child);
  EXPECT_EQ(embedder.status().state, State::ready);
}

TEST(Embedder, says_that_the_model_is_absent) {
  Embedder embedder({.model = "/nowhere/model.gguf"});
  const auto status = embedder.wait();
  EXPECT_EQ(status.state, State::absent);
  EXPECT_THAT(status.detail, testing::HasSubstr("/nowhere/model.gguf"));
  EXPECT_FALSE(embedder.embed(Kind::query, "passeport"));
}

TEST(Embedder, says_that_a_file_is_no_model) {
  const Scratch scratch;
  std::ofstream(scratch.folder / "model.gguf") << "GGUF but not really";
  Embedder embedder({.model = scratch.folder / "model.gguf"});
  const auto status = embedder.wait();
  EXPECT_EQ(status.state, State::broken);
  EXPECT_THAT(status.detail, testing::HasSubstr("model.gguf"));
  EXPECT_FALSE(embedder.embed(Kind::query, "passeport"));
}

TEST_F(WithModel, survives_a_model_cut_short) {
  const Scratch scratch;
  std::filesystem::copy_file(model(), scratch.folder / "model.gguf");
  std::filesystem::resize_file(scratch.folder / "model.gguf",
                               std::filesystem::file_size(model()) / 2);
  Embedder embedder({.model = scratch.folder / "model.gguf"});
  EXPECT_EQ(embedder.wait().state, State::broken);
}

}  // namespace
}  // namespace parvis::inference

// The child is the same program.
int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == parvis::inference::kChildCommand)
    return parvis::inference::run_child(argc, argv);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
