create table "door_photo" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "fact_id" text not null,
  "elder_id" text not null,
  "date" date not null,
  "photo" text not null,
  "at" timestamptz not null,
  "by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "door_photo_version_index" on "door_photo" (station_id, "version");
create index "door_photo_fact_id_index" on "door_photo" (station_id, "fact_id");
create index "door_photo_elder_id_index" on "door_photo" (station_id, "elder_id");
create index "door_photo_date_index" on "door_photo" (station_id, "date");
alter table "door_photo" enable row level security;
alter table "door_photo" force row level security;
create policy own_station on "door_photo" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "door_photo" to nuanlin_app;

alter table "door_photo" add constraint "door_photo_fact_id_fkey" foreign key (station_id, "fact_id") references "delivery" (station_id, id) deferrable initially deferred;
alter table "door_photo" add constraint "door_photo_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
