-- Agendas as the town wrote them; withdrawn_at says since when nobody books there any more.
create table appointment_agenda (
  tenant text not null,
  id text not null,
  yaml text not null,
  published_at integer not null,             -- milliseconds since 1970, UTC, as all times here
  withdrawn_at integer,
  primary key (tenant, id)
) strict;

-- Bookings, from a slot that is held for some minutes to the visit. Who comes is sealed by a data key
-- of the booking's own (vault, 'booking/<id>') once it is booked; the clear columns name nobody.
create table appointment_booking (
  tenant text not null,
  id text not null,
  agenda text not null,
  counter text not null,
  seat integer not null,
  reason text not null,
  commune text not null,                     -- INSEE code; '' for the whole tenant
  state text not null,                       -- those of appointment/booking
  way text not null,
  people integer not null,
  starts_at integer not null,
  ends_at integer not null,
  free_at integer not null,                  -- the end with its buffer
  held_until integer,                        -- of a hold
  waiting text not null default '',          -- the entry of the waiting list to which it is offered
  case_id text not null default '',          -- the case that it belongs to
  token_hash text not null,
  link_hash text not null default '',
  revision integer not null,                 -- SEQUENCE of iCalendar
  details blob,                              -- sealed JSON
  created_at integer not null,
  changed_at integer not null,
  primary key (tenant, id)
) strict;
create index appointment_booking_by_time on appointment_booking
  (tenant, agenda, starts_at, free_at, counter, seat, state, held_until);
create index appointment_booking_by_hold on appointment_booking (tenant, state, held_until);
create index appointment_booking_by_case on appointment_booking (tenant, case_id);

-- The five minutes of a seat that a booking takes: the primary key is what makes a slot one person's.
create table appointment_cell (
  tenant text not null,
  agenda text not null,
  counter text not null,
  seat integer not null,
  cell integer not null,                     -- five minutes each, since 1970
  booking text not null,
  primary key (tenant, agenda, counter, seat, cell)
) strict;
create index appointment_cell_by_booking on appointment_cell (tenant, booking);

-- When a counter is not there: absences that an agent entered, and what its own calendar holds.
create table appointment_busy (
  tenant text not null,
  agenda text not null,
  counter text not null,                     -- '' for all of the agenda
  id text not null,
  source text not null,                      -- 'absence' or 'calendar'
  from_at integer not null,
  until_at integer not null,
  label text not null default '',            -- why, for agents; '' for what a calendar holds
  primary key (tenant, agenda, counter, id)
) strict;

-- Who waits for a slot that becomes free, in the order of `created_at`. Whom to tell is sealed by a
-- data key of the entry's own ('waiting/<id>').
create table appointment_waiting (
  tenant text not null,
  id text not null,
  agenda text not null,
  reason text not null,
  commune text not null,
  people integer not null,
  way text not null,
  days integer not null,                     -- bit 0: Monday
  halves integer not null,                   -- bit 0: before noon, bit 1: after
  until_at integer not null,                 -- no slot later than that
  state text not null,                       -- 'waiting', 'offered', 'closed'
  booking text not null default '',          -- what is offered
  token_hash text not null,
  link_hash text not null default '',
  details blob not null,
  created_at integer not null,
  primary key (tenant, id)
) strict;
create index appointment_waiting_in_order on appointment_waiting
  (tenant, agenda, state, created_at, id);

-- postgres: alter table appointment_agenda enable row level security;
-- postgres: alter table appointment_agenda force row level security;
-- postgres: create policy appointment_wall on appointment_agenda
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table appointment_booking enable row level security;
-- postgres: alter table appointment_booking force row level security;
-- postgres: create policy appointment_wall on appointment_booking
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table appointment_cell enable row level security;
-- postgres: alter table appointment_cell force row level security;
-- postgres: create policy appointment_wall on appointment_cell
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table appointment_busy enable row level security;
-- postgres: alter table appointment_busy force row level security;
-- postgres: create policy appointment_wall on appointment_busy
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table appointment_waiting enable row level security;
-- postgres: alter table appointment_waiting force row level security;
-- postgres: create policy appointment_wall on appointment_waiting
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
