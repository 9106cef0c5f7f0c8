-- Whether answers helped, as counts: nothing that a citizen wrote. sheet is the first source of the
-- answer ('' without one); reason is '' when it helped.
create table portal_feedback (
  tenant text not null,
  day text not null,                         -- of the town: YYYY-MM-DD
  commune text not null,                     -- INSEE code; '' for the whole tenant
  audience text not null,
  sheet text not null,
  reason text not null,
  votes integer not null,
  primary key (tenant, day, commune, audience, sheet, reason)
) strict;
-- postgres: alter table portal_feedback enable row level security;
-- postgres: alter table portal_feedback force row level security;
-- postgres: create policy portal_feedback_wall on portal_feedback
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
