create table "lost_work" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "device" text not null,
  "person" text not null,
  "count" integer not null,
  "numbers" text not null,
  "from" timestamptz,
  "to" timestamptz,
  "told_at" timestamptz not null,
  "day" date not null,
  "state" text not null,
  "settled_by" text,
  "settled_at" timestamptz,
  "finding" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "lost_work_state_list" check ("state" in ('open', 'settled'))
);
create index "lost_work_version_index" on "lost_work" (station_id, "version");
create index "lost_work_state_index" on "lost_work" (station_id, "state");
create index "lost_work_person_index" on "lost_work" (station_id, "person");
alter table "lost_work" enable row level security;
alter table "lost_work" force row level security;
create policy own_station on "lost_work" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "lost_work" to nuanlin_app;
