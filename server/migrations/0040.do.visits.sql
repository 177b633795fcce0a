create table "visit_plan" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "every_days" integer not null,
  "visitor_id" text,
  "due_on" date not null,
  "last_visit_on" date,
  "active" boolean not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "visit_plan_version_index" on "visit_plan" (station_id, "version");
create index "visit_plan_elder_id_index" on "visit_plan" (station_id, "elder_id");
create index "visit_plan_visitor_id_index" on "visit_plan" (station_id, "visitor_id");
create index "visit_plan_due_on_index" on "visit_plan" (station_id, "due_on");
alter table "visit_plan" enable row level security;
alter table "visit_plan" force row level security;
create policy own_station on "visit_plan" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "visit_plan" to nuanlin_app;

create table "visit" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "date" date not null,
  "visitor_id" text not null,
  "mode" text not null,
  "state" text not null,
  "started_at" timestamptz not null,
  "finished_at" timestamptz,
  "services" text[] not null,
  "observations" jsonb not null,
  "needs" text[] not null,
  "note" text,
  "corrects" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "visit_mode_list" check ("mode" in ('door', 'phone', 'video')),
  constraint "visit_state_list" check ("state" in ('started', 'finished', 'declined', 'noAnswer', 'withdrawn')),
  constraint "visit_services_list" check ("services" <@ array['talk', 'clean', 'cook', 'shop', 'medicine', 'bills', 'haircut', 'repair']::text[])
);
create index "visit_version_index" on "visit" (station_id, "version");
create index "visit_elder_id_index" on "visit" (station_id, "elder_id");
create index "visit_visitor_id_index" on "visit" (station_id, "visitor_id");
create index "visit_date_index" on "visit" (station_id, "date");
create index "visit_state_index" on "visit" (station_id, "state");
alter table "visit" enable row level security;
alter table "visit" force row level security;
create policy own_station on "visit" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "visit" to nuanlin_app;

alter table "visit_plan" add constraint "visit_plan_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "visit" add constraint "visit_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "safety_check" add constraint "safety_check_visit_id_fkey" foreign key (station_id, "visit_id") references "visit" (station_id, id) deferrable initially deferred;
