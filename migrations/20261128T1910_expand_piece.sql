-- Pieces that a citizen gives with a case. Their content lies in blob_file, owned by 'case/<case_id>';
-- what is known of them (question, name, type, what was said of them) is sealed by the case's own key.
-- state: receiving; checking, while nobody has looked; kept; waiting, for the antivirus; refused.
create table casework_piece (
  tenant text not null,
  id text not null,
  case_id text not null,
  content text not null,                     -- where its content lies: its own id, or that of what was kept of it
  state text not null check (state in ('receiving', 'checking', 'kept', 'waiting', 'refused')),
  given integer not null,                    -- 1 once it was handed in: with the deposit, or when it was asked for
  sealed blob not null,
  created_at integer not null,               -- milliseconds since 1970, UTC
  primary key (tenant, id)
) strict;
create index casework_piece_by_case on casework_piece (tenant, case_id, created_at, id);
create index casework_piece_by_state on casework_piece (tenant, state, created_at);

-- postgres: alter table casework_piece enable row level security;
-- postgres: alter table casework_piece force row level security;
-- postgres: create policy casework_piece_wall on casework_piece
-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));
