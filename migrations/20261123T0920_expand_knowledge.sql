-- Imports can be looked at and undone; a sheet can be switched off.

-- What brought a document: 'fiches', 'faq:<file>', 'local:<folder>'. A source is a snapshot of its
-- own documents only.
alter table knowledge_document add column source text not null default 'fiches';
create index knowledge_document_by_source on knowledge_document (tenant, source);

-- One import that changed something. Ids sort in the order of imports.
create table knowledge_import (
  tenant text not null,
  id text not null,
  source text not null,
  finished_at integer not null,              -- milliseconds since 1970, UTC
  report text not null,                      -- JSON
  primary key (tenant, id)
) strict;

-- The versions that an import replaced: its way back. body is null for a document that it added.
create table knowledge_past (
  tenant text not null,
  import_id text not null,
  audience text not null,
  id text not null,
  hash text,
  title text,
  body text,
  source text,
  primary key (tenant, import_id, audience, id)
) strict;

-- Sheets that a tenant does not want shown, national ones too.
create table knowledge_switch (
  tenant text not null,
  audience text not null,
  id text not null,
  reason text not null,
  changed_at integer not null,
  primary key (tenant, audience, id)
) strict;

-- The second wall (see tenancy): the tables of one tenant are its own.
-- postgres: alter table knowledge_import enable row level security;
-- postgres: alter table knowledge_import force row level security;
-- postgres: create policy knowledge_wall on knowledge_import
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table knowledge_past enable row level security;
-- postgres: alter table knowledge_past force row level security;
-- postgres: create policy knowledge_wall on knowledge_past
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table knowledge_switch enable row level security;
-- postgres: alter table knowledge_switch force row level security;
-- postgres: create policy knowledge_wall on knowledge_switch
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
