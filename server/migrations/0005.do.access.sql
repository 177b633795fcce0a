create table "person" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "phone" text,
  "roles" text[] not null,
  "all_communities" boolean not null,
  "communities" text[] not null,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "person_roles_list" check ("roles" <@ array['coordinator', 'subdistrict', 'canteen', 'deliverer', 'visitor', 'escort']::text[])
);
create index "person_version_index" on "person" (station_id, "version");
create index "person_name_index" on "person" (station_id, "name");
alter table "person" enable row level security;
alter table "person" force row level security;
create policy own_station on "person" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "person" to nuanlin_app;

create table "device" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "person" text not null,
  "name" text not null,
  "joined_at" timestamptz not null,
  "last_contact_at" timestamptz,
  "unsent" integer not null,
  "oldest_unsent_at" timestamptz,
  "refused" integer not null,
  "revoked_at" timestamptz,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "device_version_index" on "device" (station_id, "version");
create index "device_person_index" on "device" (station_id, "person");
alter table "device" enable row level security;
alter table "device" force row level security;
create policy own_station on "device" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "device" to nuanlin_app;

create table "station_card" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "phone" text not null,
  "address" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "station_card_version_index" on "station_card" (station_id, "version");
alter table "station_card" enable row level security;
alter table "station_card" force row level security;
create policy own_station on "station_card" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "station_card" to nuanlin_app;
