-- One row a service: directory::Service as JSON. source is what brought it and is replaced as a
-- whole ("commune", "annuaire").
create table directory_service (
  tenant text not null,
  id text not null,
  source text not null,
  name text not null,
  body text not null,
  primary key (tenant, id)
) strict;
create index directory_service_by_source on directory_service (tenant, source);
-- The communes that a service serves; commune '' means the whole tenant.
create table directory_place (
  tenant text not null,
  commune text not null,
  service text not null,
  primary key (tenant, commune, service)
) strict;
create index directory_place_by_service on directory_place (tenant, service);
-- postgres: alter table directory_service enable row level security;
-- postgres: alter table directory_service force row level security;
-- postgres: create policy directory_service_wall on directory_service
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
-- postgres: alter table directory_place enable row level security;
-- postgres: alter table directory_place force row level security;
-- postgres: create policy directory_place_wall on directory_place
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
