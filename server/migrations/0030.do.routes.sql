create table "route" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "name" text not null,
  "meal" text not null,
  "meal_point_id" text,
  "volunteer_id" text,
  "deliver_by" time,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "route_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner'))
);
create index "route_version_index" on "route" (station_id, "version");
create index "route_volunteer_id_index" on "route" (station_id, "volunteer_id");
create index "route_meal_index" on "route" (station_id, "meal");
alter table "route" enable row level security;
alter table "route" force row level security;
create policy own_station on "route" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "route" to nuanlin_app;

create table "route_place" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "route_id" text not null,
  "elder_id" text not null,
  "order" integer not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "route_place_version_index" on "route_place" (station_id, "version");
create index "route_place_route_id_index" on "route_place" (station_id, "route_id");
create index "route_place_elder_id_index" on "route_place" (station_id, "elder_id");
alter table "route_place" enable row level security;
alter table "route_place" force row level security;
create policy own_station on "route_place" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "route_place" to nuanlin_app;

create table "route_day" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "route_id" text not null,
  "date" date not null,
  "meal" text not null,
  "name" text not null,
  "volunteer_id" text,
  "deliver_by" time,
  "state" text not null,
  "departed_at" timestamptz,
  "closed_at" timestamptz,
  "boxes_out" integer,
  "boxes_back" integer,
  "old_boxes" integer,
  "closing_note" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "route_day_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner')),
  constraint "route_day_state_list" check ("state" in ('ready', 'onRoute', 'closed'))
);
create index "route_day_version_index" on "route_day" (station_id, "version");
create index "route_day_date_index" on "route_day" (station_id, "date");
create index "route_day_volunteer_id_index" on "route_day" (station_id, "volunteer_id");
create index "route_day_route_id_index" on "route_day" (station_id, "route_id");
alter table "route_day" enable row level security;
alter table "route_day" force row level security;
create policy own_station on "route_day" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "route_day" to nuanlin_app;

create table "stop" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "route_day_id" text not null,
  "date" date not null,
  "meal" text not null,
  "elder_id" text not null,
  "order" integer not null,
  "variant_id" text not null,
  "box_number" integer not null,
  "boxes_due" integer not null,
  "note" text,
  "changed_at" timestamptz,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "stop_meal_list" check ("meal" in ('breakfast', 'lunch', 'dinner'))
);
create index "stop_version_index" on "stop" (station_id, "version");
create index "stop_route_day_id_index" on "stop" (station_id, "route_day_id");
create index "stop_elder_id_index" on "stop" (station_id, "elder_id");
create index "stop_date_index" on "stop" (station_id, "date");
alter table "stop" enable row level security;
alter table "stop" force row level security;
create policy own_station on "stop" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "stop" to nuanlin_app;

create table "delivery" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "stop_id" text not null,
  "route_day_id" text not null,
  "date" date not null,
  "elder_id" text not null,
  "outcome" text not null,
  "seen" boolean not null,
  "boxes_back" integer not null,
  "note" text,
  "corrects" text,
  "follows" text,
  "at" timestamptz not null,
  "by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "delivery_outcome_list" check ("outcome" in ('handedOver', 'handedToOther', 'noAnswer', 'refused', 'moved', 'inHospital', 'died', 'cannotReach', 'wrongMeal', 'shortMeal', 'withdrawn'))
);
create index "delivery_version_index" on "delivery" (station_id, "version");
create index "delivery_stop_id_index" on "delivery" (station_id, "stop_id");
create index "delivery_route_day_id_index" on "delivery" (station_id, "route_day_id");
create index "delivery_elder_id_index" on "delivery" (station_id, "elder_id");
create index "delivery_date_index" on "delivery" (station_id, "date");
alter table "delivery" enable row level security;
alter table "delivery" force row level security;
create policy own_station on "delivery" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "delivery" to nuanlin_app;

alter table "route_day" add constraint "route_day_route_id_fkey" foreign key (station_id, "route_id") references "route" (station_id, id) deferrable initially deferred;
alter table "stop" add constraint "stop_route_day_id_fkey" foreign key (station_id, "route_day_id") references "route_day" (station_id, id) deferrable initially deferred;
alter table "stop" add constraint "stop_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "stop" add constraint "stop_variant_id_fkey" foreign key (station_id, "variant_id") references "meal_variant" (station_id, id) deferrable initially deferred;
alter table "delivery" add constraint "delivery_stop_id_fkey" foreign key (station_id, "stop_id") references "stop" (station_id, id) deferrable initially deferred;
alter table "delivery" add constraint "delivery_route_day_id_fkey" foreign key (station_id, "route_day_id") references "route_day" (station_id, id) deferrable initially deferred;
alter table "delivery" add constraint "delivery_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "route" add constraint "route_meal_point_id_fkey" foreign key (station_id, "meal_point_id") references "meal_point" (station_id, id) deferrable initially deferred;
alter table "route_place" add constraint "route_place_route_id_fkey" foreign key (station_id, "route_id") references "route" (station_id, id) deferrable initially deferred;
alter table "route_place" add constraint "route_place_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
