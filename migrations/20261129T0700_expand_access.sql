-- Ways into a deposited case for a citizen without an account. A link that goes to the e-mail address
-- of the case works once and for some minutes; its row stays for an hour, to count those of the case.
create table casework_link (
  tenant text not null,
  hash text not null,                        -- SHA-256 of the link
  case_id text not null,
  browser text not null,                     -- SHA-256 of what the browser that asked has in a cookie
  code text not null,                        -- six digits, asked of any other browser
  named integer not null,                    -- 1: whoever asked named the e-mail address of the case
  tries integer not null default 0,          -- wrong codes
  used integer not null default 0,
  made_at integer not null,                  -- milliseconds since 1970, UTC
  primary key (tenant, hash)
) strict;
create index casework_link_by_case on casework_link (tenant, case_id, made_at);
create index casework_link_by_age on casework_link (tenant, made_at);

-- One case, open in one browser.
create table casework_session (
  tenant text not null,
  hash text not null,                        -- SHA-256 of the cookie's token
  case_id text not null,
  began_at integer not null,
  seen_at integer not null,
  primary key (tenant, hash)
) strict;
create index casework_session_by_case on casework_session (tenant, case_id, began_at);
create index casework_session_by_age on casework_session (tenant, seen_at);

-- Wrong codes of paper acknowledgements, by reference, whether there is such a case or not.
create table casework_wrong_code (
  tenant text not null,
  reference text not null,
  tries integer not null,
  since integer not null,                    -- of the first of them
  primary key (tenant, reference)
) strict;
create index casework_wrong_code_by_age on casework_wrong_code (tenant, since);

-- postgres: alter table casework_link enable row level security;
-- postgres: alter table casework_link force row level security;
-- postgres: create policy casework_link_wall on casework_link
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table casework_session enable row level security;
-- postgres: alter table casework_session force row level security;
-- postgres: create policy casework_session_wall on casework_session
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table casework_wrong_code enable row level security;
-- postgres: alter table casework_wrong_code force row level security;
-- postgres: create policy casework_wrong_code_wall on casework_wrong_code
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
