-- Démarches as they were published, word for word. A version never changes; withdrawn_at says since
-- when nobody starts one any more, and those that were started go on.
create table procedure_version (
  tenant text not null,
  id text not null,
  version integer not null,
  yaml text not null,
  published_at integer not null,             -- milliseconds since 1970, UTC
  withdrawn_at integer,
  primary key (tenant, id, version)
) strict;

-- postgres: alter table procedure_version enable row level security;
-- postgres: alter table procedure_version force row level security;
-- postgres: create policy procedure_wall on procedure_version
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
