#include "knowledge/knowledge_store.hpp"

#include "base/error.hpp"

namespace parvis::knowledge {

using db::Row;
using db::Tx;

std::map<std::string, std::string> source_hashes(Tx& tx, std::string_view tenant,
                                                 std::string_view audience) {
  std::map<std::string, std::string> hashes;
  tx.each("select id, hash from knowledge_document where tenant = $1 and audience = $2",
          {tenant, audience}, [&](Row row) { hashes.emplace(row.text(0), row.text(1)); });
  return hashes;
}

void put(Tx& tx, std::string_view tenant, const Document& document, std::string_view hash) {
  const std::string body = to_json(document);
  tx.run(
      "insert into knowledge_document (tenant, audience, id, hash, title, body) "
      "values ($1, $2, $3, $4, $5, $6) on conflict (tenant, audience, id) do update set "
      "hash = excluded.hash, title = excluded.title, body = excluded.body",
      {tenant, document.key.audience, document.key.id, hash, document.title, body});
}

void remove(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  tx.run("delete from knowledge_document where tenant = $1 and audience = $2 and id = $3",
         {tenant, key.audience, key.id});
}

std::optional<Document> load(Tx& tx, std::string_view tenant, const DocumentKey& key) {
  std::optional<Document> found;
  tx.each("select body from knowledge_document where tenant = $1 and audience = $2 and id = $3",
          {tenant, key.audience, key.id}, [&](Row row) { found = from_json(row.text(0)); });
  return found;
}

void each_document(Tx& tx, std::string_view tenant,
                   const std::function<void(const Document&)>& fn) {
  tx.each(
      "select audience, id, body from knowledge_document where tenant = $1 order by audience, id",
      {tenant}, [&](Row row) {
        const auto document = from_json(row.text(2));
        if (!document)
          throw Error(Errc::failed, "the stored sheet " + std::string(row.text(1)) +
                                        " cannot be read: import it again");
        fn(*document);
      });
}

}  // namespace parvis::knowledge
