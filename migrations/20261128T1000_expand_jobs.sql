-- Work to be done without a person waiting: one row for each thing to look at. kind and key name it;
-- the row is gone once it is done. No personal data: payload holds ids and numbers.
create table jobs_job (
  tenant text not null,
  kind text not null,
  key text not null,
  id text not null,                          -- of this life of the key: a late worker is told by it
  priority integer not null check (priority between 0 and 4),
  payload text not null,                     -- JSON object
  ready_at integer not null,                 -- taken from then on, milliseconds since 1970, UTC; when leased: its end
  counted_from integer,                      -- the clock when a wait was set; null: ready_at is a date
  leased integer not null check (leased in (0, 1)),
  fence integer not null,                    -- counts the leases
  attempts integer not null,                 -- leases since it last went well
  again_at integer,                          -- asked for while it ran: runs once more from then on
  why text not null,                         -- the last failure; '' before the first
  created_at integer not null,
  primary key (tenant, kind, key)
) strict;
create index jobs_job_by_turn on jobs_job (tenant, priority, ready_at);
create index jobs_job_by_time on jobs_job (ready_at);

-- What was given up, until someone has it tried again, or it is done under its key after all.
create table jobs_dead (
  tenant text not null,
  kind text not null,
  key text not null,
  priority integer not null,
  payload text not null,
  attempts integer not null,
  why text not null,
  died_at integer not null,
  primary key (tenant, kind, key)
) strict;
create index jobs_dead_by_age on jobs_dead (tenant, died_at);

-- postgres: alter table jobs_job enable row level security;
-- postgres: alter table jobs_job force row level security;
-- postgres: create policy jobs_wall on jobs_job
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table jobs_dead enable row level security;
-- postgres: alter table jobs_dead force row level security;
-- postgres: create policy jobs_wall on jobs_dead
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
