-- Conversations of citizens with the town's assistant. What was said is in the feed (topic
-- 'conversation/<id>'), sealed by a data key of its own (vault): nothing here is what a person wrote.
-- token_hash is the SHA-256 of the visitor's token, which is kept nowhere.
create table conversation_conversation (
  tenant text not null,
  id text not null,
  commune text not null,                     -- INSEE code; '' for the whole tenant
  token_hash text not null,
  created_at integer not null,               -- milliseconds since 1970, UTC
  last_at integer not null,                  -- of the newest message: retention counts from here
  primary key (tenant, id)
) strict;
create index conversation_conversation_by_age on conversation_conversation (tenant, last_at);

-- Whether an answer was useful, and else why not, from a closed list. One a message: the last said.
create table conversation_feedback (
  tenant text not null,
  conversation text not null,
  seq integer not null,                      -- of the message in the feed
  verdict text not null,
  at integer not null,
  primary key (tenant, conversation, seq),
  foreign key (tenant, conversation) references conversation_conversation (tenant, id)
) strict;

-- postgres: alter table conversation_conversation enable row level security;
-- postgres: alter table conversation_conversation force row level security;
-- postgres: create policy conversation_wall on conversation_conversation
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table conversation_feedback enable row level security;
-- postgres: alter table conversation_feedback force row level security;
-- postgres: create policy conversation_wall on conversation_feedback
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
