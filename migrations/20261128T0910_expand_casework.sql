-- Cases, from the first answer of a draft to the archive. What a person wrote is sealed by a data key
-- of the case's own (vault, 'case/<id>'); what happened is in the feed (topic 'case/<id>'), sealed.
-- token_hash is the SHA-256 of the citizen's token, link_hash that of the newest link sent to them. Clear columns are those that lists need: none
-- says who a person is.
create table casework_case (
  tenant text not null,
  id text not null,
  commune text not null,                     -- INSEE code; '' for the whole tenant
  procedure text not null,
  version integer not null,
  service text not null,                     -- id in the directory: who is in charge
  token_hash text not null,
  link_hash text not null default '',
  state text not null,                       -- 'draft', then those of casework/workflow
  reference text,                            -- from the deposit on
  answers blob not null,                     -- sealed JSON
  created_at integer not null,               -- milliseconds since 1970, UTC
  saved_at integer not null,                 -- of the newest change
  deposited_at integer,
  due text not null default '9999-12-31',    -- civil date at which the law or the town wants it done
  primary key (tenant, id)
) strict;
create unique index casework_case_by_reference on casework_case (tenant, reference);
create index casework_case_by_due on casework_case (tenant, state, due, id);
create index casework_case_by_service on casework_case (tenant, service, state, due, id);
create index casework_case_by_age on casework_case (tenant, state, saved_at);

-- postgres: alter table casework_case enable row level security;
-- postgres: alter table casework_case force row level security;
-- postgres: create policy casework_wall on casework_case
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
