-- Append-only logs: what happened, in order, by topic ('conversation/<id>'). last_seq is that of the
-- newest event; taking the next one in the transaction that writes the event makes the order of seq
-- the order of commits.
create table feed_topic (
  tenant text not null,
  topic text not null,
  last_seq integer not null,
  created_at integer not null,               -- milliseconds since 1970, UTC
  primary key (tenant, topic)
) strict;

-- id is made by whoever sends the event: the same id again is the same event. payload is sealed by
-- the room that the topic belongs to.
create table feed_event (
  tenant text not null,
  topic text not null,
  seq integer not null,
  id text not null,
  type text not null,
  at integer not null,
  payload blob not null,
  primary key (tenant, topic, seq),
  unique (tenant, topic, id),
  foreign key (tenant, topic) references feed_topic (tenant, topic)
) strict;

-- postgres: alter table feed_topic enable row level security;
-- postgres: alter table feed_topic force row level security;
-- postgres: create policy feed_wall on feed_topic
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table feed_event enable row level security;
-- postgres: alter table feed_event force row level security;
-- postgres: create policy feed_wall on feed_event
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
