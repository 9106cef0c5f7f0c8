-- The start for which a reminder went, or for which none is wanted: a booking that moves is reminded
-- anew, one that stays never twice.
alter table appointment_booking add column reminded_for integer;

-- Bookings that were put into the calendar of a counter, on its server, so that they can be replaced
-- and taken away there. The row comes before the entry: nothing is left there without it.
create table appointment_entry (
  tenant text not null,
  booking text not null,
  agenda text not null,
  counter text not null,
  etag text not null,                        -- '' while it is not known
  primary key (tenant, booking, agenda, counter)
) strict;

-- How the calendars of counters last went. No person, no address.
create table appointment_calendar (
  tenant text not null,
  agenda text not null,
  counter text not null,
  went_at integer,                           -- when it last went well; milliseconds since 1970, UTC
  failed_at integer,                         -- when it last did not
  why text not null default '',              -- why not
  primary key (tenant, agenda, counter)
) strict;

-- postgres: alter table appointment_entry enable row level security;
-- postgres: alter table appointment_entry force row level security;
-- postgres: create policy appointment_wall on appointment_entry
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table appointment_calendar enable row level security;
-- postgres: alter table appointment_calendar force row level security;
-- postgres: create policy appointment_wall on appointment_calendar
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
