-- How far a tenant's cases have been looked at to be found by agents (casework_find) as they are
-- indexed now: those that were deposited before there was an index, before a question was marked as
-- searchable, or under another key. mark says what is indexed and with which key; once another is
-- right, all cases are looked at again.
create table casework_indexing (
  tenant text not null primary key,
  mark text not null,                        -- a digest
  after_id text not null,                    -- the last case that was looked at
  looked integer not null,                   -- how many
  changed integer not null,                  -- of these, how many were found otherwise before
  finished_at integer                        -- milliseconds since 1970, UTC; null: it goes on
) strict;

-- postgres: alter table casework_indexing enable row level security;
-- postgres: alter table casework_indexing force row level security;
-- postgres: create policy casework_indexing_wall on casework_indexing
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
