-- Reminders that were sent: a key names one of its case, so each is sent once, whatever the clock does.
create table casework_reminder (
  tenant text not null,
  case_id text not null,
  key text not null,
  at integer not null,                       -- milliseconds since 1970, UTC
  primary key (tenant, case_id, key)
) strict;

-- Cases whose citizen wants no reminders. Receipts, requests and decisions are sent all the same.
create table casework_quiet (
  tenant text not null,
  case_id text not null,
  since integer not null,
  primary key (tenant, case_id)
) strict;

-- postgres: alter table casework_reminder enable row level security;
-- postgres: alter table casework_reminder force row level security;
-- postgres: create policy casework_wall on casework_reminder
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table casework_quiet enable row level security;
-- postgres: alter table casework_quiet force row level security;
-- postgres: create policy casework_wall on casework_quiet
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));

-- Cases that were there before are looked at as those that begin now.
insert into jobs_job (tenant, kind, key, id, priority, payload, ready_at, counted_from, leased, fence,
  attempts, again_at, why, created_at)
select tenant, 'watch', id, id, 3, '{"case":"' || id || '"}', 0, null, 0, 0, 0, null, '', 0
from casework_case where state in ('draft', 'received', 'examined', 'awaiting');
