-- The daily mail to an agent about deadlines: whether they want it, and the civil day of the last one.
alter table identity_account add column digest integer not null default 1;
alter table identity_account add column digest_day text not null default '';
