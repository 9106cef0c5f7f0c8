-- Files that citizens and agents hand in, in sealed chunks of 64 KiB. owner is what a file belongs to
-- ('draft/<id>'); state is receiving, quarantined, clean or refused. received counts the plain bytes
-- that are stored; the last chunk may be partial, and grows in place while more comes. digest is the
-- SHA-256 of the plain content, sealed: in the open it would tell who holds a known document.
create table blob_file (
  tenant text not null,
  id text not null,
  owner text not null,
  state text not null check (state in ('receiving', 'quarantined', 'clean', 'refused')),
  reason text not null,                      -- a word; empty unless refused
  length integer,                            -- announced bytes; null while nobody knows
  max_bytes integer not null,
  received integer not null,
  digest blob,
  created_at integer not null,               -- milliseconds since 1970, UTC
  expires_at integer,                        -- null once the whole is received
  primary key (tenant, id)
) strict;
create index blob_file_by_owner on blob_file (tenant, owner);
create index blob_file_by_expiry on blob_file (expires_at);

create table blob_chunk (
  tenant text not null,
  file text not null,
  number integer not null,                   -- from 0
  bytes blob not null,
  primary key (tenant, file, number),
  foreign key (tenant, file) references blob_file (tenant, id)
) strict;

-- Sealed bytes do not compress: no time is lost in trying.
-- postgres: alter table blob_chunk alter column bytes set storage external;
-- postgres: alter table blob_file enable row level security;
-- postgres: alter table blob_file force row level security;
-- postgres: create policy blob_wall on blob_file
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table blob_chunk enable row level security;
-- postgres: alter table blob_chunk force row level security;
-- postgres: create policy blob_wall on blob_chunk
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
