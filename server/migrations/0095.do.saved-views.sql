create table "saved_view" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "person" text not null,
  "list" text not null,
  "name" text not null,
  "question" text not null,
  "order" integer not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "saved_view_version_index" on "saved_view" (station_id, "version");
create index "saved_view_person_index" on "saved_view" (station_id, "person");
alter table "saved_view" enable row level security;
alter table "saved_view" force row level security;
create policy own_station on "saved_view" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "saved_view" to nuanlin_app;
