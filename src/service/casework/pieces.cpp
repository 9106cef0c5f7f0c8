#include "casework/pieces.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "blob/content.hpp"
#include "casework/answers.hpp"
#include "casework/asks.hpp"
#include "casework/story.hpp"
#include "db/disk_full.hpp"
#include "inspect/words.hpp"
#include "text/normalise.hpp"

namespace parvis::casework {
namespace {

using db::Tx;

constexpr std::string_view kInfected = "infected";
constexpr std::chrono::seconds kPatience{2};    // for a place to look
constexpr std::size_t kKeptBatch = 256 * 1024;  // bytes of an image written anew, at once

crypto::Key blob_key(const vault::Keys& keys) { return vault::sub_key(keys, "blob"); }

std::string_view mime_of(inspect::Type type) {
  switch (type) {
    case inspect::Type::pdf:
      return "application/pdf";
    case inspect::Type::jpeg:
      return "image/jpeg";
    case inspect::Type::png:
      return "image/png";
    case inspect::Type::webp:
      return "image/webp";
    case inspect::Type::other:
      break;
  }
  return "";
}

std::string wrong_type(const procedure::Files& files, inspect::Type type) {
  const bool pdf = std::ranges::find(files.types, "application/pdf") != files.types.end();
  const bool images = std::ranges::any_of(
      files.types, [](const std::string& each) { return each.starts_with("image/"); });
  if (type == inspect::Type::pdf)
    return "Ce document doit être une photo, pas un PDF. Photographiez-le, puis joignez la photo.";
  if (pdf && !images)
    return "Ce document doit être un PDF, pas une photo. Enregistrez-le en PDF, puis joignez-le.";
  return "Ce format d’image n’est pas reçu ici. Enregistrez-la en JPEG, puis joignez-la.";
}

// The last part of a path, without control characters: what its sender calls it.
std::string named(std::string_view sent) {
  const std::size_t slash = sent.find_last_of("/\\");
  if (slash != std::string_view::npos) sent.remove_prefix(slash + 1);
  std::string out = text::clean(sent);
  if (out.size() > kPieceNameMax) {  // the end says what it is
    const std::size_t dot = out.rfind('.');
    const std::string end =
        dot != std::string::npos && out.size() - dot <= 10 ? out.substr(dot) : "";
    out = std::string(text::utf8_prefix(out, kPieceNameMax - end.size())) + end;
  }
  return out.empty() ? "document" : out;
}

Error too_large(const procedure::Field* question) {
  const std::uint64_t most = std::min<std::uint64_t>(
      question != nullptr ? question->files.bytes : procedure::Files{}.bytes,
      static_cast<std::uint64_t>(blob::kFileMax));
  return {Errc::too_large,
          fmt::format("Ce fichier dépasse {}\u00a0Mo. Réduisez-le, ou envoyez-le en plusieurs "
                      "parties.",
                      most >> 20)};
}

// A write whose sender is told in words of theirs that it cannot be made now.
template <typename Write>
auto stored(db::Database& database, const std::string& tenant, const Write& write) {
  constexpr std::string_view kNothingLost = "Ce qui est déjà envoyé n’est pas perdu\u00a0: ";
  try {
    return database.write(tenant, write);
  } catch (const db::DiskFull& e) {
    log(Level::error, "disk_full", {{"why", e.detail()}});
    throw Error(
        Errc::unavailable,
        fmt::format("Le serveur n’a plus de place pour garder ce document. {}réessayez plus "
                    "tard, ou donnez ce document au guichet.",
                    kNothingLost));
  } catch (const Error& e) {
    if (e.code() != Errc::unavailable) throw;
    log(Level::error, "piece_not_stored", {{"why", e.detail()}});
    throw Error(Errc::unavailable, fmt::format("Ce document ne peut pas être gardé maintenant. "
                                               "{}réessayez dans quelques minutes.",
                                               kNothingLost));
  }
}

std::int64_t bytes_of(const std::vector<Piece>& pieces) {
  std::int64_t sum = 0;
  for (const Piece& piece : pieces)
    if (piece.state != PieceState::refused) sum += piece.size;
  return sum;
}

Upload upload_of(Tx& tx, const Case& row, Piece piece) {
  const auto file = blob::find(tx, piece.content(row.tenant()));
  // An upload that expired and was erased since.
  if (!file && piece.state == PieceState::receiving) throw gone();
  Upload out{.piece = std::move(piece)};
  if (out.piece.state == PieceState::receiving) {
    out.received = file->received;
    out.length = file->length;
    out.expires_at = file->expires_at;
  } else {
    out.received = out.piece.size;
    out.length = out.piece.size;
  }
  return out;
}

}  // namespace

struct Pieces::Ready {
  vault::Keys keys;
  std::shared_ptr<const procedure::Definition> definition;
};

Pieces::Pieces(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
               inspect::Inspector& inspector, const inspect::Clamd* clamd, OnUnsettled on_unsettled,
               OnAct on_act)
    : database_(database),
      keyring_(keyring),
      catalogue_(catalogue),
      inspector_(inspector),
      clamd_(clamd),
      on_unsettled_(std::move(on_unsettled)),
      on_act_(std::move(on_act)) {}

// The gate first, so that nobody makes the key store work for a case of others.
Pieces::Ready Pieces::ready(const tenancy::Context& cx, const Gate& gate) {
  const Case row = database_.read(cx.tenant, gate);
  auto definition = catalogue_.of(row.tenant(), row.procedure(), row.version());
  if (!definition) throw Error(Errc::failed, "the démarche of this case is not in the database");
  try {
    return {keyring_.keys_for(cx, row.object()), std::move(definition)};
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) throw gone();  // erased since
    throw;
  }
}

Upload Pieces::begin(const tenancy::Context& cx, std::string_view id, std::string_view token,
                     const NewPiece& wanted) {
  const Gate gate = [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); };
  const auto [keys, definition] = ready(cx, gate);
  const std::string piece_id = new_id();
  return stored(database_, cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    const procedure::Field* question = nullptr;
    NewPiece fresh = wanted;
    if (row.state() == State::draft) {
      fresh.field = file_path(tx, row, keys, *definition, wanted.field, cx.now);
      question = file_question(*definition, fresh.field);
    } else if (!fresh.field.empty()) {
      throw takes_no_pieces();
    }
    auto all = pieces_of(tx, row, keys);
    if (row.state() != State::draft && !takes_pieces(row.state(), all)) throw takes_no_pieces();
    if (!fresh.ask.empty()) {
      const std::vector<Ask> asks =
          row.state() == State::draft ? std::vector<Ask>() : asks_of(events_of(tx, row, keys));
      const Ask* ask = find_ask(asks, fresh.ask);
      if (ask == nullptr || !ask->awaited())
        throw Error(Errc::invalid,
                    "Ce document n’est plus attendu. Rechargez la page pour voir ce qui manque.");
    }
    const auto same = [&](const Piece& piece) {
      return piece.field == fresh.field && piece.ask == fresh.ask;
    };
    // Whoever sends another one has read why the one before was refused.
    std::erase_if(all, [&](const Piece& piece) {
      const bool over = piece.state == PieceState::refused && !piece.given && same(piece) &&
                        (!wanted.form_began || piece.created_at < *wanted.form_began);
      if (over) erase_piece(tx, row, piece);
      return over;
    });
    const auto here = std::ranges::count_if(all, [&](const Piece& piece) {
      return same(piece) && !piece.given && piece.state != PieceState::receiving;
    });
    const std::size_t most = question != nullptr ? question->files.count : procedure::kFilesMax;
    if (static_cast<std::size_t>(here) >= most)
      throw Error(
          Errc::invalid,
          most == 1 ? "Un seul fichier est reçu ici. Retirez celui qui est joint, puis "
                      "joignez l’autre."
                    : fmt::format("Vous pouvez joindre {} fichiers au plus. Retirez-en un.", most));
    if (all.size() >= kPiecesMax)
      throw Error(Errc::too_large,
                  "Ce dossier a trop de fichiers. Retirez-en, ou appelez le service.");
    if (question != nullptr && question->files.months > 0) {
      if (!fresh.dated)
        throw Error(
            Errc::invalid,
            fmt::format("Écrivez la date qui figure sur ce document, puis joignez-le\u00a0: il "
                        "doit avoir moins de {} mois.",
                        question->files.months));
      const CivilDate today = civil_date(cx.zone.local(cx.now));
      auto oldest = today - std::chrono::months(question->files.months);
      if (!oldest.ok()) oldest = oldest.year() / oldest.month() / std::chrono::last;
      if (std::chrono::sys_days(*fresh.dated) > std::chrono::sys_days(today))
        throw Error(
            Errc::invalid,
            "Cette date n’est pas encore passée. Écrivez celle qui figure sur le document.");
      if (std::chrono::sys_days(*fresh.dated) < std::chrono::sys_days(oldest))
        throw Error(
            Errc::invalid,
            fmt::format("Ce document date du {}\u00a0: il a plus de {} mois. Demandez-en un "
                        "plus récent, puis joignez-le.",
                        format_french_date(*fresh.dated), question->files.months));
    }
    const std::int64_t limit = std::min<std::int64_t>(
        static_cast<std::int64_t>(question != nullptr ? question->files.bytes
                                                      : procedure::Files{}.bytes),
        blob::kFileMax);
    if (fresh.length.value_or(0) > limit) throw too_large(question);
    if (fresh.length == 0)
      throw Error(Errc::invalid, inspect::why_refused({.refusal = inspect::Refusal::empty}, ""));
    if (bytes_of(all) + fresh.length.value_or(0) > kPiecesBytesMax)
      throw Error(Errc::too_large,
                  fmt::format("Vos documents dépassent {}\u00a0Mo en tout. Réduisez-les.",
                              kPiecesBytesMax >> 20));
    Piece piece{.id = piece_id,
                .blob = piece_id,
                .field = fresh.field,
                .name = Personal(named(fresh.name.read())),
                .size = fresh.length.value_or(0),
                .ask = fresh.ask,
                .created_at = cx.now};
    blob::begin(tx, piece.content(row.tenant()),
                {.owner = row.object(), .length = fresh.length, .max_bytes = limit}, cx.now);
    insert_piece(tx, row, keys, piece);
    return upload_of(tx, row, std::move(piece));
  });
}

Upload Pieces::at(const tenancy::Context& cx, std::string_view id, std::string_view token,
                  std::string_view piece) {
  const Gate gate = [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); };
  const auto [keys, definition] = ready(cx, gate);
  return database_.read(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    auto found = find_piece(tx, row, keys, piece);
    if (!found) throw gone();
    return upload_of(tx, row, *std::move(found));
  });
}

Pieces::Sending::Sending(Pieces& pieces, tenancy::Context cx, Gate gate, vault::Keys keys,
                         std::shared_ptr<const procedure::Definition> definition, Upload upload)
    : pieces_(pieces),
      cx_(std::move(cx)),
      gate_(std::move(gate)),
      keys_(std::move(keys)),
      definition_(std::move(definition)),
      upload_(std::move(upload)) {}

std::unique_ptr<Pieces::Sending> Pieces::resume(const tenancy::Context& cx, std::string_view id,
                                                std::string_view token, std::string_view piece,
                                                std::int64_t offset) {
  const Gate gate = [cx, id = std::string(id), token = std::string(token)](Tx& tx) {
    return case_for_citizen(tx, cx, id, token);
  };
  auto [keys, definition] = ready(cx, gate);
  Upload upload = database_.read(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    auto found = find_piece(tx, row, keys, piece);
    if (!found) throw gone();
    return upload_of(tx, row, *std::move(found));
  });
  if (upload.received != offset)
    throw Error(Errc::conflict, "this upload goes on at another offset: ask where (HEAD)");
  return std::unique_ptr<Sending>(
      new Sending(*this, cx, gate, std::move(keys), std::move(definition), std::move(upload)));
}

Piece Pieces::take(const tenancy::Context& cx, std::string_view id, const std::string& piece_id,
                   const Personal<std::string>& name, std::string_view bytes) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const Gate gate = [cx, id = std::string(id)](Tx& tx) { return case_for_system(tx, cx, id); };
  auto [keys, definition] = ready(cx, gate);
  const std::int64_t limit =
      std::min<std::int64_t>(static_cast<std::int64_t>(procedure::Files{}.bytes), blob::kFileMax);
  const auto size = static_cast<std::int64_t>(bytes.size());
  Upload upload = stored(database_, cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    if (row.state() == State::draft) throw gone();
    auto all = pieces_of(tx, row, keys);
    if (const auto before = std::ranges::find(all, piece_id, &Piece::id); before != all.end()) {
      if (before->state != PieceState::receiving || blob::find(tx, before->sent(row.tenant())))
        return upload_of(tx, row, std::move(*before));
      erase_piece(tx, row, *before);  // begun so long ago that its upload has expired
      all.erase(before);
    }
    if (size > limit) throw too_large(nullptr);
    if (size == 0)
      throw Error(Errc::invalid, inspect::why_refused({.refusal = inspect::Refusal::empty}, ""));
    // What was refused before this mail has been told by then.
    std::erase_if(all, [&](const Piece& piece) {
      const bool over = piece.state == PieceState::refused && piece.created_at < cx.now;
      if (over) erase_piece(tx, row, piece);
      return over;
    });
    if (all.size() >= kPiecesMax || bytes_of(all) + size > kPiecesBytesMax)
      throw Error(Errc::too_large,
                  "Ce dossier a déjà trop de fichiers. Donnez celui-ci au guichet, ou appelez le "
                  "service.");
    Piece piece{.id = piece_id,
                .blob = piece_id,
                .name = Personal(named(name.read())),
                .size = size,
                .created_at = cx.now};
    blob::begin(tx, piece.content(row.tenant()),
                {.owner = row.object(), .length = size, .max_bytes = limit}, cx.now);
    insert_piece(tx, row, keys, piece);
    return upload_of(tx, row, std::move(piece));
  });
  const auto received = static_cast<std::size_t>(upload.received);
  Sending sending(*this, cx, gate, std::move(keys), std::move(definition), std::move(upload));
  if (sending.upload().piece.state == PieceState::receiving && received <= bytes.size())
    sending.append(bytes.substr(received));
  return sending.finish();
}

void Pieces::Sending::append(std::string_view bytes) {
  if (upload_.piece.state != PieceState::receiving)
    throw Error(Errc::conflict, "this file is received already");
  const crypto::Key key = blob_key(keys_);
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, blob::kAppendMax);
    try {
      upload_.received = stored(pieces_.database_, cx_.tenant, [&](Tx& tx) {
        const Case row = gate_(tx);
        if (cx_.actor.kind != tenancy::Actor::Kind::system && row.state() != State::draft &&
            row.state() != State::awaiting && !takes_pieces(row.state(), pieces_of(tx, row, keys_)))
          throw takes_no_pieces();
        const blob::File file = blob::append(tx, key, upload_.piece.sent(row.tenant()),
                                             upload_.received, part, cx_.now);
        // Whatever happens to this process, somebody looks at it.
        if (pieces_.on_unsettled_ && file.length == file.received)
          pieces_.on_unsettled_(tx, row, upload_.piece.id, cx_.now + kRecheck, cx_.now);
        return file.received;
      });
    } catch (const Error& e) {
      if (e.code() == Errc::too_large)
        throw casework::too_large(file_question(*definition_, upload_.piece.field));
      throw;
    }
    bytes.remove_prefix(part.size());
  }
}

Piece Pieces::Sending::finish() {
  if (upload_.piece.state != PieceState::receiving) return upload_.piece;
  if (upload_.received == 0)
    throw Error(Errc::invalid, inspect::why_refused({.refusal = inspect::Refusal::empty}, ""));
  Ended ended = pieces_.end(cx_, gate_, keys_, upload_.piece);
  upload_.piece = std::move(ended.piece);
  if (!ended.now) return upload_.piece;
  const bool place = pieces_.looks_.try_acquire_for(kPatience);
  struct Release {
    std::counting_semaphore<>* looks;
    ~Release() {
      if (looks != nullptr) looks->release();
    }
  } const release{place ? &pieces_.looks_ : nullptr};
  if (place) try {
      upload_.piece = pieces_.settle(cx_, gate_, keys_, *definition_, upload_.piece);
    } catch (const Error& e) {
      // No process to look with, or another look in the way: the piece waits for recheck.
      if (e.code() != Errc::overloaded && e.code() != Errc::unavailable &&
          e.code() != Errc::conflict)
        throw;
      log(Level::warning, "piece_not_looked_at", {{"why", e.detail()}});
    }
  else if (pieces_.on_unsettled_)
    stored(pieces_.database_, cx_.tenant, [&](Tx& tx) {
      pieces_.on_unsettled_(tx, gate_(tx), upload_.piece.id, cx_.now, cx_.now);
    });
  return upload_.piece;
}

// Closes what came and makes the piece `checking`, both or neither; the job that looks at it is of
// the same transaction.
Pieces::Ended Pieces::end(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys,
                          Piece piece) {
  const crypto::Key key = blob_key(keys);
  const blob::FileId sent = piece.sent(cx.tenant);
  blob::Digest whole;
  std::optional<Error> changed;  // another request ends it, or more has come
  try {
    whole = blob::digest(database_, key, sent);
  } catch (const Error& e) {
    if (e.code() != Errc::conflict && e.code() != Errc::not_found) throw;
    changed = e;
  }
  return stored(database_, cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    auto now = find_piece(tx, row, keys, piece.id);
    if (!now) throw gone();
    if (now->state != PieceState::receiving) return Ended{*std::move(now), false};
    if (changed) throw *changed;
    now->size = blob::close(tx, key, sent, whole.received, whole.sha256, cx.now).received;
    now->state = PieceState::checking;
    update_piece(tx, row, keys, *now);
    if (on_unsettled_) on_unsettled_(tx, row, now->id, cx.now + kRecheck, cx.now);
    return Ended{*std::move(now), true};
  });
}

Piece Pieces::settle(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys,
                     const procedure::Definition& definition, const Piece& piece) {
  try {
    return look(cx, gate, keys, definition, piece);
  } catch (const Error&) {
    // Another look that ended first takes away what this one reads.
    const auto now =
        database_.read(cx.tenant, [&](Tx& tx) { return find_piece(tx, gate(tx), keys, piece.id); });
    if (!now || now->state == piece.state) throw;
    return *now;
  }
}

// Reads what is there twice: for the antivirus, then for the look that writes an image anew. What
// is kept is another file then, so that nothing of the first one is left.
Piece Pieces::look(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys,
                   const procedure::Definition& definition, Piece piece) {
  const crypto::Key key = blob_key(keys);
  const auto source = [&](const blob::FileId& id) {
    // Shared: the source is copied.
    auto reader = std::make_shared<blob::Reader>(database_, key, id, blob::Purpose::inspection);
    return [reader, number = std::int64_t{0}]() mutable {
      return number < reader->chunks() ? reader->chunk(number++) : std::string();
    };
  };
  const PieceState begun = piece.state;
  const blob::FileId sent = piece.content(cx.tenant);
  const blob::FileId kept = piece.anew(cx.tenant);
  // Meanwhile it may be handed in, which stays; or another look has ended, which counts.
  const auto as_begun = [&](Tx& tx, const Case& row) -> std::optional<Piece> {
    auto now = find_piece(tx, row, keys, piece.id);
    if (!now) throw gone();
    return now->state == begun ? std::move(now) : std::nullopt;
  };
  const auto another = [] { return Error(Errc::conflict, "another look at this file has ended"); };
  const auto end = [&](const std::function<void(Tx&, const Case&)>& change) {
    return database_.write(cx.tenant, [&](Tx& tx) {
      const Case row = gate(tx);
      const auto now = as_begun(tx, row);
      if (!now) throw another();
      Piece ended = piece;
      ended.given = now->given;
      ended.ask = now->ask;
      change(tx, row);
      update_piece(tx, row, keys, ended);
      return ended;
    });
  };
  const auto refuse = [&](std::string_view reason, std::string said) {
    piece.state = PieceState::refused;
    piece.said = std::move(said);
    return end([&](Tx& tx, const Case& row) {
      if (kept != sent) blob::erase(tx, kept);
      blob::refuse(tx, sent, reason);
      const auto now = find_piece(tx, row, keys, piece.id);
      if (now && now->given) reject(tx, row, keys, piece, reason, cx.now);
    });
  };

  using Outcome = inspect::Scan::Outcome;
  const inspect::Scan scan =
      clamd_ == nullptr ? inspect::Scan{Outcome::clean, ""} : clamd_->scan(source(sent));
  if (scan.outcome == Outcome::found) {
    log(Level::warning, "virus_found", {{"name", scan.detail}});
    return refuse(kInfected, inspect::infected());
  }
  if (scan.outcome == Outcome::unavailable)
    log(Level::warning, "antivirus_unavailable", {{"why", scan.detail}});
  const bool waiting = scan.outcome == Outcome::unavailable;
  // Looked at before: the antivirus alone was missing.
  const bool looked_at = piece.state == PieceState::waiting;
  if (looked_at && waiting) return piece;
  if (looked_at) {
    piece.state = PieceState::kept;
    return end([&](Tx& tx, const Case&) { blob::accept(tx, sent); });
  }

  std::string batch;
  std::int64_t written = 0;
  const auto flush = [&] {
    database_.write(cx.tenant, [&](Tx& tx) {
      const Case row = gate(tx);
      if (!as_begun(tx, row)) throw another();
      if (written == 0) {
        blob::erase(tx, kept);  // of a look that was cut off
        blob::begin(tx, kept, {.owner = row.object(), .max_bytes = blob::kFileMax}, cx.now);
      }
      blob::append(tx, key, kept, written, batch, cx.now);
    });
    written += static_cast<std::int64_t>(batch.size());
    batch.clear();
  };
  const inspect::Report report = inspector_.inspect(source(sent), [&](std::string_view bytes) {
    batch.append(bytes);
    if (batch.size() >= kKeptBatch) flush();
  });
  if (report.refusal != inspect::Refusal::none)
    return refuse(inspect::name(report.refusal), inspect::why_refused(report, piece.name.read()));
  if (const procedure::Field* question = file_question(definition, piece.field))
    if (std::ranges::find(question->files.types, mime_of(report.type)) ==
        question->files.types.end())
      return refuse("type", wrong_type(question->files, report.type));
  if (!batch.empty()) flush();
  const bool anew = report.rewritten > 0;
  if (anew) blob::finish(database_, key, kept, cx.now);

  piece.said = inspect::misnamed(report, piece.name.read());
  piece.name = Personal(inspect::kept_name(report, piece.name.read()));
  piece.type = mime_of(report.kept);
  piece.state = waiting ? PieceState::waiting : PieceState::kept;
  if (anew) {
    piece.blob = kept.id;
    piece.size = written;
  }
  return end([&](Tx& tx, const Case& row) {
    if (anew) {
      // Two that write it at once: neither has what it wrote.
      const auto file = blob::find(tx, kept);
      if (!file || file->received != written) throw another();
      blob::erase(tx, sent);
    }
    if (!waiting) blob::accept(tx, piece.content(cx.tenant));
    if (waiting && on_unsettled_) on_unsettled_(tx, row, piece.id, cx.now + kRecheck, cx.now);
  });
}

// Its case tells of it, once: whoever refuses it ends its look.
void Pieces::reject(Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece,
                    std::string_view reason, Instant now) {
  try {
    append_event(
        tx, row, keys, fmt::format("{}rejected-{}", kOfProgram, piece.id), Act::reject_piece,
        Author{Role::system, "", "", {}}, piece.said,
        {{"pieces", json::array{json::object{
                        {"id", piece.id}, {"name", piece.name.read()}, {"ask", piece.ask}}}},
         {"reason", reason}},
        now);
  } catch (const Error& e) {
    // A case that is full of events: what is dangerous goes all the same.
    if (e.code() != Errc::too_large) throw;
    log(Level::warning, "piece_rejected_in_silence", {{"case", row.id()}});
    return;
  }
  if (on_act_) on_act_(tx, row, Act::reject_piece, now);
}

void Pieces::remove(const tenancy::Context& cx, std::string_view id, std::string_view token,
                    std::string_view piece) {
  const Gate gate = [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); };
  const auto [keys, definition] = ready(cx, gate);
  database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    const auto found = find_piece(tx, row, keys, piece);
    if (!found) throw gone();
    if (found->given)
      throw Error(Errc::conflict, "Ce document est déjà donné. Écrivez au service.");
    erase_piece(tx, row, *found);
  });
}

std::vector<Piece> Pieces::list(const tenancy::Context& cx, std::string_view id,
                                std::string_view token) {
  const Gate gate = [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); };
  const auto [keys, definition] = ready(cx, gate);
  return database_.read(cx.tenant, [&](Tx& tx) { return pieces_of(tx, gate(tx), keys); });
}

std::vector<Piece> Pieces::list_as(const tenancy::Context& cx, const Author& agent,
                                   std::string_view id) {
  const Gate gate = [&](Tx& tx) { return case_for_agent(tx, cx, id, agent); };
  const auto [keys, definition] = ready(cx, gate);
  auto all = database_.read(cx.tenant, [&](Tx& tx) { return pieces_of(tx, gate(tx), keys); });
  std::erase_if(all, [](const Piece& piece) { return !piece.given; });
  return all;
}

Pieces::Content Pieces::content(const tenancy::Context& cx, const Gate& gate,
                                std::string_view piece, bool handed_in_only) {
  const auto [keys, definition] = ready(cx, gate);
  auto found =
      database_.read(cx.tenant, [&](Tx& tx) { return find_piece(tx, gate(tx), keys, piece); });
  if (!found || (handed_in_only && !found->given)) throw gone();
  if (found->state == PieceState::refused) throw gone();
  if (found->state != PieceState::kept)
    throw Error(
        Errc::conflict,
        found->state == PieceState::waiting
            ? "L’antivirus n’a pas encore vérifié ce fichier. Revenez dans quelques minutes."
            : "Ce fichier n’est pas encore vérifié. Revenez dans quelques minutes.");
  // Shared: the function is copied.
  auto reader = std::make_shared<blob::Reader>(database_, blob_key(keys), found->content(cx.tenant),
                                               blob::Purpose::delivery);
  const auto bytes = static_cast<std::uint64_t>(reader->file().received);
  return {.piece = *std::move(found),
          .bytes = bytes,
          .next = [reader, number = std::int64_t{0}]() mutable {
            return number < reader->chunks() ? reader->chunk(number++) : std::string();
          }};
}

Pieces::Content Pieces::open(const tenancy::Context& cx, std::string_view id,
                             std::string_view token, std::string_view piece) {
  return content(cx, [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); }, piece, false);
}

Pieces::Content Pieces::open_as(const tenancy::Context& cx, const Author& agent,
                                std::string_view id, std::string_view piece) {
  return content(cx, [&](Tx& tx) { return case_for_agent(tx, cx, id, agent); }, piece, true);
}

std::optional<PieceState> Pieces::recheck(const tenancy::Context& cx, std::string_view id,
                                          std::string_view piece) {
  const Gate gate = [&](Tx& tx) { return case_for_system(tx, cx, id); };
  try {
    const auto [keys, definition] = ready(cx, gate);
    bool whole = false;
    auto found = database_.read(cx.tenant, [&](Tx& tx) {
      const Case row = gate(tx);
      auto now = find_piece(tx, row, keys, piece);
      whole = now && is_whole(tx, row, *now);
      return now;
    });
    if (!found) return std::nullopt;
    if (whole) found = end(cx, gate, keys, *std::move(found)).piece;
    if (found->state == PieceState::checking || found->state == PieceState::waiting)
      found = settle(cx, gate, keys, *definition, *found);
    return found->state;
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return std::nullopt;
    throw;
  }
}

std::size_t Pieces::erase_lost(const tenancy::Context& cx) {
  return database_.write(cx.tenant, [&](Tx& tx) {
    return erase_lost_pieces(tx, cx) + blob::erase_expired(tx, cx.now);
  });
}

std::string_view words(PieceState state) {
  switch (state) {
    case PieceState::receiving:
      return "Envoi interrompu";
    case PieceState::checking:
      return "En cours de vérification";
    case PieceState::kept:
      return "Reçu";
    case PieceState::waiting:
      return "Reçu, l’antivirus le vérifiera";
    case PieceState::refused:
      return "Refusé";
  }
  return "";
}

std::string size_words(std::int64_t bytes) {
  if (bytes < 1000) return fmt::format("{}\u00a0octets", bytes);
  if (bytes < 1'000'000) return fmt::format("{}\u00a0ko", (bytes + 500) / 1000);
  std::string out = fmt::format("{:.1f}\u00a0Mo", static_cast<double>(bytes) / 1e6);
  std::ranges::replace(out, '.', ',');
  return out;
}

}  // namespace parvis::casework
