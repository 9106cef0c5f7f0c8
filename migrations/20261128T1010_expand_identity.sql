-- Accounts of the town's agents, their sessions, and what limits the trying of passwords. Instants
-- are milliseconds since 1970 (UTC). An agent's professional e-mail and name are in clear: they are
-- the contacts of a public function, which colleagues and citizens read; the e-mail is looked up by
-- equality at each sign-in, and signing in works while the key store is out of reach. Nothing else
-- about the person is here.
create table identity_account (
  tenant text not null references tenancy_tenant (id),
  id text not null,
  login text not null,                       -- e-mail, small letters
  name text not null,
  roles text not null,                       -- separated by spaces
  services text not null,                    -- ids of the directory, separated by spaces; '' for all
  communes text not null,                    -- INSEE codes, separated by spaces; '' for all
  password_hash text not null,               -- argon2id, PHC form
  created_at integer not null,
  password_changed_at integer not null,
  disabled_at integer,
  primary key (tenant, id),
  unique (tenant, login)
) strict;

create table identity_session (
  tenant text not null,
  id text not null,                          -- SHA-256 of the token, which is kept nowhere
  account text not null,
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  primary key (tenant, id),
  foreign key (tenant, account) references identity_account (tenant, id)
) strict;
create index identity_session_by_account on identity_session (tenant, account);

-- Sign-ins tried lately that did not succeed (yet). subject is the SHA-256 of what was tried: a
-- login (which may be a password typed in the wrong field), a network, or both. Rows go when the
-- window has passed.
create table identity_attempt (
  tenant text not null,
  subject text not null,
  id text not null,                          -- of the attempt: one row for each of its subjects
  at integer not null,
  primary key (tenant, subject, id)
) strict;
create index identity_attempt_by_age on identity_attempt (tenant, at);

-- Networks from which an account has signed in: nobody else's attempts keep its agent out there.
create table identity_network (
  tenant text not null,
  account text not null,
  network text not null,                     -- SHA-256
  last_at integer not null,
  primary key (tenant, account, network),
  foreign key (tenant, account) references identity_account (tenant, id)
) strict;

-- postgres: alter table identity_account enable row level security;
-- postgres: alter table identity_account force row level security;
-- postgres: create policy identity_wall on identity_account
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table identity_session enable row level security;
-- postgres: alter table identity_session force row level security;
-- postgres: create policy identity_wall on identity_session
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table identity_attempt enable row level security;
-- postgres: alter table identity_attempt force row level security;
-- postgres: create policy identity_wall on identity_attempt
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table identity_network enable row level security;
-- postgres: alter table identity_network force row level security;
-- postgres: create policy identity_wall on identity_network
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
