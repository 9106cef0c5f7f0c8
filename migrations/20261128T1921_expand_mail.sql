-- How mail goes, for those who look after it: by tenant and way (out, in). No address, no person.
create table mail_traffic (
  tenant text not null,
  way text not null check (way in ('out', 'in')),
  went_at integer,                           -- when it last went well; milliseconds since 1970, UTC
  failed_at integer,                         -- when it last did not
  why text not null default '',              -- why not
  primary key (tenant, way)
) strict;

-- postgres: alter table mail_traffic enable row level security;
-- postgres: alter table mail_traffic force row level security;
-- postgres: create policy mail_wall on mail_traffic
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
