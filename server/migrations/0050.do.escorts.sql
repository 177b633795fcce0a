create table "escort" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "purpose" text not null,
  "place_name" text not null,
  "date" date not null,
  "start_time" time not null,
  "expected_return" time not null,
  "first_person" text,
  "second_person" text,
  "vehicle" text,
  "brief" text,
  "family_told" boolean not null,
  "state" text not null,
  "cancel_reason" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "escort_purpose_list" check ("purpose" in ('bank', 'hospital', 'other')),
  constraint "escort_state_list" check ("state" in ('requested', 'staffed', 'cancelled'))
);
create index "escort_version_index" on "escort" (station_id, "version");
create index "escort_elder_id_index" on "escort" (station_id, "elder_id");
create index "escort_date_index" on "escort" (station_id, "date");
create index "escort_first_person_index" on "escort" (station_id, "first_person");
create index "escort_second_person_index" on "escort" (station_id, "second_person");
alter table "escort" enable row level security;
alter table "escort" force row level security;
create policy own_station on "escort" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "escort" to nuanlin_app;

create table "escort_step" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "escort_id" text not null,
  "stage" text not null,
  "ticked" text[] not null,
  "note" text,
  "expected_return" time,
  "corrects" text,
  "at" timestamptz not null,
  "by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "escort_step_stage_list" check ("stage" in ('confirmed', 'pickedUp', 'arrived', 'returning', 'handedBack', 'halted', 'extended', 'handedToHospital'))
);
create index "escort_step_version_index" on "escort_step" (station_id, "version");
create index "escort_step_escort_id_index" on "escort_step" (station_id, "escort_id");
alter table "escort_step" enable row level security;
alter table "escort_step" force row level security;
create policy own_station on "escort_step" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "escort_step" to nuanlin_app;

alter table "escort" add constraint "escort_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "escort_step" add constraint "escort_step_escort_id_fkey" foreign key (station_id, "escort_id") references "escort" (station_id, id) deferrable initially deferred;
