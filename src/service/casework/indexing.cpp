#include "casework/indexing.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/answers.hpp"
#include "casework/find.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {

using db::Tx;

std::vector<std::string> found_by(const procedure::Definition& own,
                                  const procedure::Definition* newest,
                                  const json::object& answers) {
  std::vector<std::string> words = words_of(own, answers);
  if (newest == nullptr || newest->version == own.version) return words;
  for (std::string& word : words_of(*newest, answers))
    if (words.size() < kWordsMax && std::ranges::find(words, word) == words.end())
      words.push_back(std::move(word));
  return words;
}

// Another key or another set of questions is another mark.
std::string Indexing::mark(const tenancy::Context& cx) {
  std::string all(kIndexRules);
  for (const procedure::Version& version :
       database_.read(cx.tenant, [&](Tx& tx) { return procedure::current(tx, cx.tenant); }))
    if (const auto definition = catalogue_.of(cx.tenant, version.id, version.version))
      all.append("\n").append(version.id).append("\n").append(indexed_in(*definition));
  return crypto::to_hex(digest_of(cases_.find_key(cx), all));
}

IndexProgress Indexing::next(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  // A town without a case has no key to make digests with, and none is made for it.
  if (database_.read(cx.tenant, [&](Tx& tx) { return deposited_after(tx, cx, "", 1).empty(); }))
    return {.mark = {}, .after = {}, .finished_at = Instant{}};
  const std::string mark = this->mark(cx);
  const crypto::Key key = cases_.find_key(cx);
  IndexProgress before;
  const std::vector<std::string> ids = database_.read(cx.tenant, [&](Tx& tx) {
    before = index_progress(tx, cx.tenant).value_or(IndexProgress{});
    if (before.mark != mark) before = {.mark = mark, .after = {}};
    return before.finished_at ? std::vector<std::string>()
                              : deposited_after(tx, cx, before.after, kIndexBatch);
  });
  if (before.finished_at) return before;
  // Keys are got before the transaction. What was deposited stays as it is.
  std::vector<std::vector<std::string>> digests(ids.size());
  std::vector<bool> read(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) try {
      const Case row =
          database_.read(cx.tenant, [&](Tx& tx) { return case_for_system(tx, cx, ids[i]); });
      const auto own = catalogue_.of(row.tenant(), row.procedure(), row.version());
      if (!own) throw Error(Errc::failed, "the démarche of this case is not in the database");
      const auto newest = catalogue_.newest(row.tenant(), row.procedure());
      digests[i] = digests_of(
          key, found_by(*own, newest.get(), answers_of(row, keyring_.keys_for(cx, row.object()))));
      read[i] = true;
    } catch (const Error& e) {
      if (e.code() == Errc::unavailable || e.code() == Errc::overloaded) throw;  // for all of them
      if (e.code() != Errc::not_found)  // else erased since
        log(Level::warning, "case_not_indexed", {{"case", ids[i]}, {"why", e.detail()}});
    }
  return database_.write(cx.tenant, [&](Tx& tx) {
    const auto now = index_progress(tx, cx.tenant);
    // Another process has gone on.
    if (now && now->mark == mark && now->after != before.after) return *now;
    IndexProgress after = before;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      after.after = ids[i];
      ++after.looked;
      if (!read[i]) continue;
      try {
        const Case row = case_for_system(tx, cx, ids[i]);
        if (replace_words(tx, row, digests[i], cx.now)) ++after.changed;
      } catch (const Error& e) {
        if (e.code() != Errc::not_found) throw;
      }
    }
    if (ids.size() < kIndexBatch) after.finished_at = cx.now;
    set_index_progress(tx, cx, after);
    return after;
  });
}

}  // namespace parvis::casework
