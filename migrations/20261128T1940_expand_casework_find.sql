-- What agents find cases by, as far as the database may know it. word is a keyed digest, cut to 128
-- bits, of an e-mail address, a phone number or a word of a name; its key is the tenant's, sealed in
-- the vault. Written with the deposit, erased with the case.
create table casework_find (
  tenant text not null,
  word blob not null,
  deposited_at integer not null,             -- the case's, so that the newest are found first
  id text not null,                          -- the case
  primary key (tenant, word, deposited_at, id)
) strict;
create index casework_find_by_case on casework_find (tenant, id);

-- Lists of one démarche. service is there to be looked at without the row.
create index casework_case_by_procedure on casework_case (tenant, procedure, state, due, id, service);

-- postgres: alter table casework_find enable row level security;
-- postgres: alter table casework_find force row level security;
-- postgres: create policy casework_find_wall on casework_find
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
