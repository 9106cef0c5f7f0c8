-- A request that an agent types for a person: whose draft it is at the desk, how it came (counter,
-- phone, post) and, by post, the day of its reception (empty else).
create table casework_entry (
  tenant text not null,
  case_id text not null,
  account text not null,
  way text not null,
  received text not null,
  at integer not null,                       -- milliseconds since 1970, UTC
  primary key (tenant, case_id)
) strict;
create index casework_entry_by_account on casework_entry (tenant, account, at);

-- Letters to somebody who gave no e-mail address: one waits until an agent says that it was posted.
create table casework_paper (
  tenant text not null,
  case_id text not null,
  seq integer not null,                      -- of the event that it tells
  at integer not null,                       -- milliseconds since 1970, UTC
  primary key (tenant, case_id, seq)
) strict;
create index casework_paper_by_age on casework_paper (tenant, at);

-- postgres: alter table casework_entry enable row level security;
-- postgres: alter table casework_entry force row level security;
-- postgres: create policy casework_entry_wall on casework_entry
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table casework_paper enable row level security;
-- postgres: alter table casework_paper force row level security;
-- postgres: create policy casework_paper_wall on casework_paper
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
