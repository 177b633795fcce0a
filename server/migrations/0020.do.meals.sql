create table "kitchen" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "seats" integer not null,
  "cut_off" time not null,
  "latitude" double precision,
  "longitude" double precision,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "kitchen_version_index" on "kitchen" (station_id, "version");
create index "kitchen_active_index" on "kitchen" (station_id, "active");
alter table "kitchen" enable row level security;
alter table "kitchen" force row level security;
create policy own_station on "kitchen" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "kitchen" to nuanlin_app;

create table "meal_point" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "kitchen_id" text not null,
  "community_id" text,
  "latitude" double precision,
  "longitude" double precision,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "meal_point_version_index" on "meal_point" (station_id, "version");
create index "meal_point_kitchen_id_index" on "meal_point" (station_id, "kitchen_id");
create index "meal_point_community_id_index" on "meal_point" (station_id, "community_id");
alter table "meal_point" enable row level security;
alter table "meal_point" force row level security;
create policy own_station on "meal_point" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "meal_point" to nuanlin_app;

create table "meal_variant" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "sign" text not null,
  "place" integer not null,
  "alarm" boolean not null,
  "matches" text[] not null,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "meal_variant_version_index" on "meal_variant" (station_id, "version");
create index "meal_variant_active_index" on "meal_variant" (station_id, "active");
alter table "meal_variant" enable row level security;
alter table "meal_variant" force row level security;
create policy own_station on "meal_variant" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "meal_variant" to nuanlin_app;

create table "standing_order" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "meal" text not null,
  "weekdays" text[] not null,
  "mode" text not null,
  "variant_id" text not null,
  "from" date not null,
  "to" date,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "standing_order_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner')),
  constraint "standing_order_weekdays_list" check ("weekdays" <@ array['1', '2', '3', '4', '5', '6', '7']::text[]),
  constraint "standing_order_mode_list" check ("mode" in ('delivery', 'dineIn'))
);
create index "standing_order_version_index" on "standing_order" (station_id, "version");
create index "standing_order_elder_id_index" on "standing_order" (station_id, "elder_id");
create index "standing_order_meal_index" on "standing_order" (station_id, "meal");
alter table "standing_order" enable row level security;
alter table "standing_order" force row level security;
create policy own_station on "standing_order" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "standing_order" to nuanlin_app;

create table "meal_order" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "date" date not null,
  "meal" text not null,
  "mode" text not null,
  "variant_id" text not null,
  "state" text not null,
  "asked_by" text,
  "note" text,
  "late" boolean not null,
  "changed_at" timestamptz not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "meal_order_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner')),
  constraint "meal_order_mode_list" check ("mode" in ('delivery', 'dineIn')),
  constraint "meal_order_state_list" check ("state" in ('ordered', 'cancelled'))
);
create index "meal_order_version_index" on "meal_order" (station_id, "version");
create index "meal_order_elder_id_index" on "meal_order" (station_id, "elder_id");
create index "meal_order_date_index" on "meal_order" (station_id, "date");
alter table "meal_order" enable row level security;
alter table "meal_order" force row level security;
create policy own_station on "meal_order" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "meal_order" to nuanlin_app;

create table "absence" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "reason" text not null,
  "from" date not null,
  "to" date,
  "told_by" text,
  "note" text,
  "confirmed" boolean not null,
  "recorded_at" timestamptz not null,
  "recorded_by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "absence_reason_list" check ("reason" in ('hospital', 'family', 'travel', 'moved', 'died', 'other'))
);
create index "absence_version_index" on "absence" (station_id, "version");
create index "absence_elder_id_index" on "absence" (station_id, "elder_id");
alter table "absence" enable row level security;
alter table "absence" force row level security;
create policy own_station on "absence" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "absence" to nuanlin_app;

create table "kitchen_count" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "date" date not null,
  "meal" text not null,
  "issue" integer not null,
  "lines" jsonb not null,
  "excluded" jsonb not null,
  "walk_ins" integer not null,
  "closed_at" timestamptz not null,
  "closed_by" text not null,
  "kitchen_knows_at" timestamptz,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "kitchen_count_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner'))
);
create index "kitchen_count_version_index" on "kitchen_count" (station_id, "version");
create index "kitchen_count_date_index" on "kitchen_count" (station_id, "date");
alter table "kitchen_count" enable row level security;
alter table "kitchen_count" force row level security;
create policy own_station on "kitchen_count" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "kitchen_count" to nuanlin_app;

create table "dine_in_tally" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "kitchen_id" text not null,
  "date" date not null,
  "meal" text not null,
  "count" integer not null,
  "corrects" text,
  "source" text not null,
  "at" timestamptz not null,
  "by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "dine_in_tally_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner')),
  constraint "dine_in_tally_source_list" check ("source" in ('counter', 'ledger'))
);
create index "dine_in_tally_version_index" on "dine_in_tally" (station_id, "version");
create index "dine_in_tally_date_index" on "dine_in_tally" (station_id, "date");
create index "dine_in_tally_kitchen_id_index" on "dine_in_tally" (station_id, "kitchen_id");
create index "dine_in_tally_corrects_index" on "dine_in_tally" (station_id, "corrects");
alter table "dine_in_tally" enable row level security;
alter table "dine_in_tally" force row level security;
create policy own_station on "dine_in_tally" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "dine_in_tally" to nuanlin_app;

alter table "absence" add constraint "absence_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "diet_profile" add constraint "diet_profile_variant_id_fkey" foreign key (station_id, "variant_id") references "meal_variant" (station_id, id) deferrable initially deferred;
alter table "dine_in_tally" add constraint "dine_in_tally_kitchen_id_fkey" foreign key (station_id, "kitchen_id") references "kitchen" (station_id, id) deferrable initially deferred;
alter table "meal_order" add constraint "meal_order_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "meal_order" add constraint "meal_order_variant_id_fkey" foreign key (station_id, "variant_id") references "meal_variant" (station_id, id) deferrable initially deferred;
alter table "meal_point" add constraint "meal_point_kitchen_id_fkey" foreign key (station_id, "kitchen_id") references "kitchen" (station_id, id) deferrable initially deferred;
alter table "meal_point" add constraint "meal_point_community_id_fkey" foreign key (station_id, "community_id") references "community" (station_id, id) deferrable initially deferred;
alter table "standing_order" add constraint "standing_order_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "standing_order" add constraint "standing_order_variant_id_fkey" foreign key (station_id, "variant_id") references "meal_variant" (station_id, id) deferrable initially deferred;
