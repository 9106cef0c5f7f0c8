-- A draft that goes on with a newer version of its démarche keeps the one it began with; 0: the same.
alter table casework_case add column begun_version integer not null default 0;

-- A draft handed over to another window: a code of one use opens it for some minutes. What the code
-- opens is sealed with a key made of the code, so the row alone opens nothing.
create table casework_handover (
  tenant text not null,
  code_hash text not null,                   -- SHA-256
  case_id text not null,
  sealed blob not null,
  expires_at integer not null,               -- milliseconds since 1970, UTC
  primary key (tenant, code_hash)
) strict;
create unique index casework_handover_by_case on casework_handover (tenant, case_id);
create index casework_handover_by_age on casework_handover (tenant, expires_at);

-- postgres: alter table casework_handover enable row level security;
-- postgres: alter table casework_handover force row level security;
-- postgres: create policy casework_handover_wall on casework_handover
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
