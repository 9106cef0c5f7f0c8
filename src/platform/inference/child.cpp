// The child: one model, one context, one text at a time (one text per call is faster than batches
// on few cores, docs/measurements.md).
#include "child/child.hpp"

#include <llama.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inference/embedder.hpp"
#include "inference/wire.hpp"

namespace parvis::inference {
namespace {

constexpr std::chrono::seconds kQuiet{10};     // since the last question: nobody is asking
constexpr std::uint32_t kContextTokens = 512;  // a longer text is cut; the model may have fewer

std::string metadata(const llama_model* model, const char* key) {
  std::array<char, 256> value{};
  const int n = llama_model_meta_val_str(model, key, value.data(), value.size());
  return n < 0 ? "" : std::string(value.data());
}

class Model {
 public:
  bool load(const char* file, unsigned threads) {
    llama_model_params model_params = llama_model_default_params();
    model_.reset(llama_model_load_from_file(file, model_params));
    if (!model_) return false;
    llama_context_params params = llama_context_default_params();
    tokens_ = std::min<std::uint32_t>(
        kContextTokens, static_cast<std::uint32_t>(llama_model_n_ctx_train(model_.get())));
    params.n_ctx = params.n_batch = params.n_ubatch = tokens_;
    params.n_seq_max = 1;
    threads_ = static_cast<int>(threads);
    params.n_threads = params.n_threads_batch = threads_;
    params.embeddings = true;
    params.no_perf = true;
    context_.reset(llama_init_from_model(model_.get(), params));
    if (!context_ || llama_pooling_type(context_.get()) == LLAMA_POOLING_TYPE_NONE) return false;
    query_prefix = metadata(model_.get(), "parvis.prefix.query");
    passage_prefix = metadata(model_.get(), "parvis.prefix.passage");
    return dimension() > 0 && dimension() <= kMaxDimension;
  }

  // Texts of that kind. Nothing when it is of another model; false when it cannot be used.
  bool adapt(Kind kind, const std::string& bytes, std::string_view model) {
    // The engine reads files only.
    const int memory = ::memfd_create("adapter", MFD_CLOEXEC);
    std::FILE* file = memory < 0 ? nullptr : ::fdopen(memory, "w+b");
    if (file == nullptr) return false;
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    std::rewind(file);
    llama_adapter_lora* adapter =
        written ? llama_adapter_lora_init_from_file_ptr(model_.get(), file) : nullptr;
    std::fclose(file);
    if (adapter == nullptr) return false;
    std::array<char, 128> of{};
    llama_adapter_meta_val_str(adapter, "parvis.model", of.data(), of.size());
    if (of.data() == model) adapter_of(kind) = adapter;
    return true;
  }
  bool adapted(Kind kind) const { return adapters_[static_cast<std::size_t>(kind)] != nullptr; }

  std::uint32_t dimension() const {
    return static_cast<std::uint32_t>(llama_model_n_embd_out(model_.get()));
  }

  // Unit length; empty when the text cannot be embedded.
  std::vector<float> embed(Kind kind, const std::string& text) {
    const std::string whole = (kind == Kind::passage ? passage_prefix : query_prefix) + text;
    const llama_vocab* vocabulary = llama_model_get_vocab(model_.get());
    std::vector<llama_token> tokens(whole.size() + 8);
    const int n = llama_tokenize(vocabulary, whole.data(), static_cast<int>(whole.size()),
                                 tokens.data(), static_cast<int>(tokens.size()), true, false);
    if (n <= 0) return {};
    tokens.resize(static_cast<std::size_t>(n));
    if (tokens.size() > tokens_) {  // the last token stays: it ends the text for the model
      tokens[tokens_ - 1] = tokens.back();
      tokens.resize(tokens_);
    }
    // Background work leaves half of the cores to whoever asks, while somebody does.
    const auto now = std::chrono::steady_clock::now();
    const bool waited_for = somebody_waits(kind);
    if (waited_for) last_query_ = now;
    const bool alone = !last_query_ || now - *last_query_ > kQuiet;
    const int threads = waited_for || alone ? threads_ : std::max(1, threads_ / 2);
    llama_set_n_threads(context_.get(), threads, threads);
    float whole_weight = 1;
    llama_set_adapters_lora(context_.get(), &adapter_of(kind), adapted(kind) ? 1 : 0,
                            &whole_weight);
    if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, true);
    const llama_batch batch = llama_batch_get_one(tokens.data(), static_cast<int>(tokens.size()));
    const bool encodes =
        llama_model_has_encoder(model_.get()) && !llama_model_has_decoder(model_.get());
    if ((encodes ? llama_encode(context_.get(), batch) : llama_decode(context_.get(), batch)) != 0)
      return {};
    give_back_logits(tokens.size());
    const float* pooled = llama_get_embeddings_seq(context_.get(), 0);
    if (pooled == nullptr) return {};
    std::vector<float> out(pooled, pooled + dimension());
    double square = 0;
    for (const float v : out) square += static_cast<double>(v) * v;
    if (!(square > 0) || !std::isfinite(square)) return {};
    const auto scale = static_cast<float>(1 / std::sqrt(square));
    for (float& v : out) v *= scale;
    return out;
  }

  std::string query_prefix, passage_prefix;

 private:
  // The engine keeps a row of logits for each token, as long as the vocabulary (a megabyte here),
  // also for a model that has none; it fills them with zeros when a longer text needs more, and
  // never looks at them again. Given back to the system they cost nothing and still read as zeros.
  void give_back_logits(std::size_t tokens) {
    if (tokens <= most_tokens_) return;
    most_tokens_ = tokens;
    const auto begin = reinterpret_cast<std::uintptr_t>(llama_get_logits(context_.get()));
    if (begin == 0) return;
    const llama_vocab* vocabulary = llama_model_get_vocab(model_.get());
    const auto words = static_cast<std::size_t>(llama_vocab_n_tokens(vocabulary));
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const std::uintptr_t first = (begin + page - 1) / page * page;
    const std::uintptr_t last = (begin + tokens * words * sizeof(float)) / page * page;
    if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
  }

  struct Free {
    void operator()(llama_model* model) const { llama_model_free(model); }
    void operator()(llama_context* context) const { llama_free(context); }
  };
  std::unique_ptr<llama_model, Free> model_;
  std::unique_ptr<llama_context, Free> context_;
  llama_adapter_lora*& adapter_of(Kind kind) { return adapters_[static_cast<std::size_t>(kind)]; }
  std::array<llama_adapter_lora*, kKinds> adapters_{};  // by kind; the model's
  std::uint32_t tokens_ = kContextTokens;
  std::optional<std::chrono::steady_clock::time_point> last_query_;
  std::size_t most_tokens_ = 0;  // of one text so far
  int threads_ = 1;
};

constexpr auto kNever = child::Deadline::max();

bool reply(const std::vector<float>& values) {
  const auto count = static_cast<std::uint32_t>(values.size());
  return child::send_all(child::kSocket, &count, sizeof count, kNever) &&
         child::send_all(child::kSocket, values.data(), count * sizeof(float), kNever);
}

// What the parent says first; false when the model cannot be used with it.
bool receive_adapters(Model& model) {
  std::string of(kModelDigits, '\0'), adapter;
  if (!child::receive_all(child::kSocket, of.data(), of.size(), kNever)) return false;
  for (const Kind kind : {Kind::query, Kind::of_page, Kind::stays}) {
    std::uint32_t bytes = 0;
    if (!child::receive_all(child::kSocket, &bytes, sizeof bytes, kNever) ||
        bytes > kMaxAdapterBytes)
      return false;
    adapter.resize(bytes);
    if (!child::receive_all(child::kSocket, adapter.data(), bytes, kNever) ||
        (bytes != 0 && !model.adapt(kind, adapter, of)))
      return false;
  }
  return true;
}

void serve(Model& model) {
  if (!reply({static_cast<float>(model.dimension()), model.adapted(Kind::query) ? 1.0F : 0.0F}))
    return;
  std::string text;
  for (;;) {
    std::uint32_t bytes = 0;
    Kind kind{};
    if (!child::receive_all(child::kSocket, &bytes, sizeof bytes, kNever) || bytes > kTextBytes)
      return;
    if (!child::receive_all(child::kSocket, &kind, sizeof kind, kNever)) return;
    text.resize(bytes);
    if (!child::receive_all(child::kSocket, text.data(), bytes, kNever)) return;
    if (!reply(model.embed(kind, text))) return;
  }
}

}  // namespace

int run_child(int argc, char** argv) {
  if (argc != 4 && argc != 6) return 2;
  // It ends when its socket closes, with the parent: a Ctrl-C for the group must not come first.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  ::prctl(PR_SET_NAME, "parvis-model");
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (::nice(5) == -1) std::fputs("parvis: no lower priority for the model\n", stderr);
  llama_log_set(
      [](ggml_log_level level, const char* words, void*) {
        if (level == GGML_LOG_LEVEL_ERROR) std::fputs(words, stderr);
      },
      nullptr);
  llama_backend_init();
  Model model;
  if (!model.load(argv[2], static_cast<unsigned>(std::max(1, std::atoi(argv[3]))))) ::_exit(1);
  if (!receive_adapters(model)) ::_exit(1);
  if (argc == 6) {
    model.query_prefix = argv[4];
    model.passage_prefix = argv[5];
  }
  serve(model);
  ::_exit(0);  // nothing to save; the kernel frees faster
}

}  // namespace parvis::inference
