create table "ledger_layout" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "community_id" text,
  "signature" text not null,
  "roles" jsonb not null,
  "by" text not null,
  "at" timestamptz not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "ledger_layout_version_index" on "ledger_layout" (station_id, "version");
create index "ledger_layout_signature_index" on "ledger_layout" (station_id, "signature");
alter table "ledger_layout" enable row level security;
alter table "ledger_layout" force row level security;
create policy own_station on "ledger_layout" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "ledger_layout" to nuanlin_app;

alter table "ledger_layout" add constraint "ledger_layout_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
