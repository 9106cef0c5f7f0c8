#include "knowledge/knowledge_store.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::knowledge {

using db::Row;
using db::Tx;

namespace {

Document read_body(std::string_view body, std::string_view id) {
  auto document = from_json(body);
  if (!document)
    throw Error(Errc::failed,
                "the stored sheet " + std::string(id) + " cannot be read: import it again");
  return std::move(*document);
}

}  // namespace

// ── documents ──

std::map<DocumentKey, Held> held(Tx& tx, std::string_view tenant) {
  std::map<DocumentKey, Held> all;
  tx.each("select audience, id, hash, source from knowledge_document where tenant = $1", {tenant},
          [&](Row row) {
            all.emplace(DocumentKey{std::string(row.text(0)), std::string(row.text(1))},
                        Held{std::string(row.text(2)), std::string(row.text(3))});
          });
  return all;
}

void put(Tx& tx, std::string_view tenant, std::string_view source, const Version& version) {
  tx.run(
      "insert into knowledge_document (tenant, audience, id, hash, title, body, source) "
      "values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, audience, id) do update set "
      "hash = excluded.hash, title = excluded.title, body = excluded.body, "
      "source = excluded.source",
      {tenant, version.key.audience, version.key.id, version.hash, version.title, version.body,
       source});
}

void remove(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  tx.run("delete from knowledge_document where tenant = $1 and audience = $2 and id = $3",
         {tenant, key.audience, key.id});
}

std::string body_of(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  std::string body;
  tx.each("select body from knowledge_document where tenant = $1 and audience = $2 and id = $3",
          {tenant, key.audience, key.id}, [&](Row row) { body = row.text(0); });
  return body;
}

std::optional<Document> load(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  const std::string body = body_of(tx, tenant, key);
  if (body.empty()) return std::nullopt;
  return read_body(body, key.id);
}

std::optional<Document> load_by_id(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Document> found;
  tx.each(
      "select body from knowledge_document where tenant in ($1, $2) and id = $3 "
      "order by case when tenant = $1 then 0 else 1 end, case audience when 'local' then 0 "
      "when 'particuliers' then 1 when 'professionnels' then 2 else 3 end limit 1",
      {tenant, kNational, id}, [&](Row row) { found = read_body(row.text(0), id); });
  return found;
}

std::vector<Document> dossiers(Tx& tx, std::string_view tenant, std::string_view audience) {
  std::vector<Document> all;
  tx.each(
      "select id, body from knowledge_document where tenant = $1 and audience = $2 "
      "and id like 'N%' order by id",
      {tenant, audience}, [&](Row row) { all.push_back(read_body(row.text(1), row.text(0))); });
  return all;
}

void each_document(Tx& tx, std::string_view tenant,
                   const std::function<void(const Document&)>& fn) {
  tx.each(
      "select audience, id, body from knowledge_document where tenant = $1 order by audience, id",
      {tenant}, [&](Row row) { fn(read_body(row.text(2), row.text(1))); });
}

// ── imports ──

std::string next_import_id(Tx& tx, std::string_view tenant) {
  std::int64_t last = 0;
  tx.each(
      "select cast(substr(id, 1, 8) as bigint) from knowledge_import where tenant = $1 "
      "order by id desc limit 1",
      {tenant}, [&](Row row) { last = row.integer(0); });
  return fmt::format("{:08}-{}", last + 1, crypto::random_hex(4));
}

void keep_past(Tx& tx, std::string_view tenant, std::string_view import_id,
               const DocumentKey& key) {
  const auto kept = tx.run(
      "insert into knowledge_past (tenant, import_id, audience, id, hash, title, body, source) "
      "select tenant, $1, audience, id, hash, title, body, source from knowledge_document "
      "where tenant = $2 and audience = $3 and id = $4",
      {import_id, tenant, key.audience, key.id});
  if (kept == 0)
    tx.run("insert into knowledge_past (tenant, import_id, audience, id) values ($1, $2, $3, $4)",
           {tenant, import_id, key.audience, key.id});
}

namespace {

void forget(Tx& tx, std::string_view tenant, std::string_view import_id) {
  tx.run("delete from knowledge_past where tenant = $1 and import_id = $2", {tenant, import_id});
  tx.run("delete from knowledge_import where tenant = $1 and id = $2", {tenant, import_id});
}

}  // namespace

void record_import(Tx& tx, std::string_view tenant, const ImportRecord& record) {
  tx.run(
      "insert into knowledge_import (tenant, id, source, finished_at, report) "
      "values ($1, $2, $3, $4, $5)",
      {tenant, record.id, record.source, record.finished.time_since_epoch().count(),
       record.report});
  const auto all = imports(tx, tenant);
  for (std::size_t i = kImportsKept; i < all.size(); ++i) forget(tx, tenant, all[i].id);
}

std::vector<ImportRecord> imports(Tx& tx, std::string_view tenant) {
  std::vector<ImportRecord> all;
  tx.each(
      "select id, source, finished_at, report from knowledge_import where tenant = $1 "
      "order by id desc",
      {tenant}, [&](Row row) {
        all.push_back({std::string(row.text(0)), std::string(row.text(1)),
                       Instant(std::chrono::milliseconds(row.integer(2))),
                       std::string(row.text(3))});
      });
  return all;
}

std::string state(Tx& tx, std::string_view tenant) {
  std::string id(kNoImport);
  tx.each("select id from knowledge_import where tenant = $1 order by id desc limit 1", {tenant},
          [&](Row row) { id = row.text(0); });
  return id;
}

std::optional<ImportRecord> roll_back(Tx& tx, std::string_view tenant) {
  const auto all = imports(tx, tenant);
  if (all.empty()) return std::nullopt;
  const std::string& id = all.front().id;
  tx.run(
      "delete from knowledge_document where tenant = $1 and exists (select 1 from knowledge_past p "
      "where p.tenant = $1 and p.import_id = $2 and p.audience = knowledge_document.audience "
      "and p.id = knowledge_document.id)",
      {tenant, id});
  tx.run(
      "insert into knowledge_document (tenant, audience, id, hash, title, body, source) "
      "select tenant, audience, id, hash, title, body, source from knowledge_past "
      "where tenant = $1 and import_id = $2 and body is not null",
      {tenant, id});
  forget(tx, tenant, id);
  return all.front();
}

// ── switches ──

void switch_off(Tx& tx, std::string_view tenant, const DocumentKey& key, std::string_view reason,
                Instant now) {
  tx.run(
      "insert into knowledge_switch (tenant, audience, id, reason, changed_at) "
      "values ($1, $2, $3, $4, $5) on conflict (tenant, audience, id) do update set "
      "reason = excluded.reason, changed_at = excluded.changed_at",
      {tenant, key.audience, key.id, reason, now.time_since_epoch().count()});
}

void switch_on(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  tx.run("delete from knowledge_switch where tenant = $1 and audience = $2 and id = $3",
         {tenant, key.audience, key.id});
}

std::set<DocumentKey> switched_off(Tx& tx, std::string_view tenant) {
  std::set<DocumentKey> all;
  tx.each("select audience, id from knowledge_switch where tenant = $1", {tenant},
          [&](Row row) { all.insert({std::string(row.text(0)), std::string(row.text(1))}); });
  return all;
}

}  // namespace parvis::knowledge
