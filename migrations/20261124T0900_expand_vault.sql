-- One data key an object ('conversation/<id>'), wrapped by a version of the tenant's own key, which
-- is in the key store and never here. kek and kek_version say which, so that the store can be
-- asked, and what an old version still holds can be counted and wrapped anew. Erasing an object is
-- destroying its key: wrapped becomes null and destroyed_at the moment; the row stays, so that
-- "destroyed" is told from "lost".
create table vault_data_key (
  tenant text not null,
  object text not null,
  kek text not null,
  kek_version integer not null,
  wrapped blob,
  created_at integer not null,               -- milliseconds since 1970, UTC
  destroyed_at integer,
  primary key (tenant, object)
) strict;
create index vault_data_key_by_version on vault_data_key (tenant, kek, kek_version);

-- postgres: alter table vault_data_key enable row level security;
-- postgres: alter table vault_data_key force row level security;
-- postgres: create policy vault_wall on vault_data_key
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
