create table "safety_check" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "elder_id" text not null,
  "date" date not null,
  "stop_id" text,
  "visit_id" text,
  "cause" text not null,
  "note" text,
  "opened_at" timestamptz not null,
  "opened_by" text not null,
  "owner_id" text,
  "state" text not null,
  "finding" text,
  "finding_note" text,
  "closed_at" timestamptz,
  "closed_by" text,
  "closed_with" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "safety_check_cause_list" check ("cause" in ('noAnswer', 'unwell')),
  constraint "safety_check_state_list" check ("state" in ('open', 'closed')),
  constraint "safety_check_finding_list" check ("finding" in ('seen', 'reachedByPhone', 'inHospital', 'away', 'needsHelp', 'handedToPolice', 'openedInError'))
);
create index "safety_check_version_index" on "safety_check" (station_id, "version");
create index "safety_check_elder_id_index" on "safety_check" (station_id, "elder_id");
create index "safety_check_stop_id_index" on "safety_check" (station_id, "stop_id");
create index "safety_check_visit_id_index" on "safety_check" (station_id, "visit_id");
create index "safety_check_state_index" on "safety_check" (station_id, "state");
create index "safety_check_date_index" on "safety_check" (station_id, "date");
alter table "safety_check" enable row level security;
alter table "safety_check" force row level security;
create policy own_station on "safety_check" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "safety_check" to nuanlin_app;

create table "check_rung" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "check_id" text not null,
  "step" text not null,
  "contact_id" text,
  "result" text not null,
  "note" text,
  "at" timestamptz not null,
  "by" text not null,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "check_rung_step_list" check ("step" in ('knock', 'callElder', 'callContact', 'tellCentre', 'askNeighbour', 'askGridWorker', 'callPolice', 'callAmbulance', 'finding', 'reopened')),
  constraint "check_rung_result_list" check ("result" in ('noAnswer', 'answered', 'notPossible', 'done'))
);
create index "check_rung_version_index" on "check_rung" (station_id, "version");
create index "check_rung_check_id_index" on "check_rung" (station_id, "check_id");
alter table "check_rung" enable row level security;
alter table "check_rung" force row level security;
create policy own_station on "check_rung" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "check_rung" to nuanlin_app;

alter table "safety_check" add constraint "safety_check_elder_id_fkey" foreign key (station_id, "elder_id") references "elder" (station_id, id) deferrable initially deferred;
alter table "safety_check" add constraint "safety_check_stop_id_fkey" foreign key (station_id, "stop_id") references "stop" (station_id, id) deferrable initially deferred;
alter table "check_rung" add constraint "check_rung_check_id_fkey" foreign key (station_id, "check_id") references "safety_check" (station_id, id) deferrable initially deferred;
