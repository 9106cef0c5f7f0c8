-- Who holds the key and answers for the data, and the territories inside. Instants are milliseconds
-- since 1970 (UTC), JSON is text.
create table tenancy_tenant (
  id text not null primary key,
  name text not null,
  kind text not null check (kind in ('agglomeration', 'commune')),
  zone text not null,                        -- IANA ("Europe/Paris")
  config text not null,                      -- JSON object
  created_at integer not null
) strict;

create table tenancy_commune (
  tenant text not null references tenancy_tenant (id),
  insee text not null,
  slug text not null,                        -- its path in the portal
  name text not null,
  postcodes text not null,                   -- separated by spaces
  config text not null,                      -- JSON object
  primary key (tenant, insee),
  unique (tenant, slug)
) strict;

-- The second wall: a transaction opened for one tenant neither sees nor writes rows of another. The
-- system ('*') passes; what the nation shares (tenant '') is read by all.
-- postgres: alter table tenancy_commune enable row level security;
-- postgres: alter table tenancy_commune force row level security;
-- postgres: create policy tenancy_wall on tenancy_commune
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table knowledge_document enable row level security;
-- postgres: alter table knowledge_document force row level security;
-- postgres: create policy knowledge_wall on knowledge_document
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: create policy knowledge_shared on knowledge_document for select using (tenant = '');
