create table "community" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "community_version_index" on "community" (station_id, "version");
create index "community_name_index" on "community" (station_id, "name");
alter table "community" enable row level security;
alter table "community" force row level security;
create policy own_station on "community" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "community" to nuanlin_app;

create table "grid" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "community_id" text not null,
  "name" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "grid_version_index" on "grid" (station_id, "version");
create index "grid_community_id_index" on "grid" (station_id, "community_id");
alter table "grid" enable row level security;
alter table "grid" force row level security;
create policy own_station on "grid" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "grid" to nuanlin_app;

create table "micro_grid" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "community_id" text not null,
  "grid_id" text not null,
  "name" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "micro_grid_version_index" on "micro_grid" (station_id, "version");
create index "micro_grid_community_id_index" on "micro_grid" (station_id, "community_id");
create index "micro_grid_grid_id_index" on "micro_grid" (station_id, "grid_id");
alter table "micro_grid" enable row level security;
alter table "micro_grid" force row level security;
create policy own_station on "micro_grid" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "micro_grid" to nuanlin_app;

create table "building" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "community_id" text not null,
  "grid_id" text,
  "micro_grid_id" text,
  "estate" text not null,
  "name" text not null,
  "entrances" integer,
  "floors" integer,
  "lift" boolean,
  "latitude" double precision,
  "longitude" double precision,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "building_version_index" on "building" (station_id, "version");
create index "building_community_id_index" on "building" (station_id, "community_id");
create index "building_estate_index" on "building" (station_id, "estate");
alter table "building" enable row level security;
alter table "building" force row level security;
create policy own_station on "building" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "building" to nuanlin_app;

create table "elder" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "call_name" text,
  "pinyin" text,
  "sex" text,
  "birth_date" date,
  "id_number" text,
  "id_flag" text,
  "phones" text[],
  "community_id" text not null,
  "grid_id" text,
  "building_id" text,
  "address" text not null,
  "entrance" text,
  "floor" integer,
  "door" text,
  "access_note" text,
  "access_code" text,
  "living" text,
  "categories" text[],
  "health" text,
  "note" text,
  "may_leave_at_door" boolean not null,
  "status" text not null,
  "end_reason" text,
  "ended_on" date,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "elder_sex_list" check ("sex" in ('F', 'M')),
  constraint "elder_id_flag_list" check ("id_flag" in ('missing', 'wrong')),
  constraint "elder_status_list" check ("status" in ('active', 'paused', 'ended')),
  constraint "elder_end_reason_list" check ("end_reason" in ('died', 'moved', 'institution', 'declined'))
);
create index "elder_version_index" on "elder" (station_id, "version");
create index "elder_community_id_index" on "elder" (station_id, "community_id");
create index "elder_building_id_index" on "elder" (station_id, "building_id");
create index "elder_id_number_index" on "elder" (station_id, "id_number");
create index "elder_name_index" on "elder" (station_id, "name");
create index "elder_status_index" on "elder" (station_id, "status");
alter table "elder" enable row level security;
alter table "elder" force row level security;
create policy own_station on "elder" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "elder" to nuanlin_app;

create table "diet_profile" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "types" text[] not null,
  "allergens" text[] not null,
  "texture" text,
  "dislikes" text[] not null,
  "variant_id" text,
  "note" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "diet_profile_texture_list" check ("texture" in ('soft', 'minced', 'pureed'))
);
create index "diet_profile_version_index" on "diet_profile" (station_id, "version");
create index "diet_profile_elder_id_index" on "diet_profile" (station_id, "elder_id");
create index "diet_profile_variant_id_index" on "diet_profile" (station_id, "variant_id");
alter table "diet_profile" enable row level security;
alter table "diet_profile" force row level security;
create policy own_station on "diet_profile" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "diet_profile" to nuanlin_app;

create table "contact" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "order" integer not null,
  "name" text not null,
  "relation" text not null,
  "phone" text,
  "has_key" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "contact_version_index" on "contact" (station_id, "version");
create index "contact_elder_id_index" on "contact" (station_id, "elder_id");
alter table "contact" enable row level security;
alter table "contact" force row level security;
create policy own_station on "contact" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "contact" to nuanlin_app;

create table "volunteer" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "person_id" text not null,
  "number" text,
  "sex" text,
  "community_id" text,
  "team" text,
  "skills" text[] not null,
  "days" text[] not null,
  "parts" text[] not null,
  "irregular" boolean not null,
  "transport" text,
  "training" text[] not null,
  "fixed" boolean not null,
  "hours_before" double precision,
  "points_before" double precision,
  "status" text not null,
  "note" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "volunteer_sex_list" check ("sex" in ('F', 'M')),
  constraint "volunteer_days_list" check ("days" <@ array['1', '2', '3', '4', '5', '6', '7']::text[]),
  constraint "volunteer_status_list" check ("status" in ('active', 'resting', 'left'))
);
create index "volunteer_version_index" on "volunteer" (station_id, "version");
create index "volunteer_person_id_index" on "volunteer" (station_id, "person_id");
create index "volunteer_community_id_index" on "volunteer" (station_id, "community_id");
create index "volunteer_team_index" on "volunteer" (station_id, "team");
alter table "volunteer" enable row level security;
alter table "volunteer" force row level security;
create policy own_station on "volunteer" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "volunteer" to nuanlin_app;

alter table "elder" add constraint "elder_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
alter table "elder" add constraint "elder_grid_id_fkey" foreign key (station_id, "grid_id") references "grid" (station_id, id) deferrable initially deferred;
alter table "elder" add constraint "elder_building_id_fkey" foreign key (station_id, "building_id") references "building" (station_id, id) deferrable initially deferred;
alter table "building" add constraint "building_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
alter table "building" add constraint "building_grid_id_fkey" foreign key (station_id, "grid_id") references "grid" (station_id, id) deferrable initially deferred;
alter table "building" add constraint "building_micro_grid_id_fkey" foreign key (station_id, "micro_grid_id") references "micro_grid" (station_id, id) deferrable initially deferred;
alter table "contact" add constraint "contact_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "diet_profile" add constraint "diet_profile_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "grid" add constraint "grid_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
alter table "micro_grid" add constraint "micro_grid_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
alter table "micro_grid" add constraint "micro_grid_grid_id_fkey" foreign key (station_id, "grid_id") references "grid" (station_id, id) deferrable initially deferred;
alter table "volunteer" add constraint "volunteer_person_id_fkey" foreign key (station_id, "person_id") references "person" (station_id, id) deferrable initially deferred;
alter table "volunteer" add constraint "volunteer_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
