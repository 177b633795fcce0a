create table "refused_act" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "act" text not null,
  "args_version" integer not null,
  "said" text,
  "author" text not null,
  "at" timestamptz not null,
  "received_at" timestamptz not null,
  "day" date not null,
  "code" text not null,
  "held_with" text,
  "state" text not null,
  "decided_by" text,
  "decided_at" timestamptz,
  "reason" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id),
  constraint "refused_act_state_list" check ("state" in ('open', 'applied', 'discarded', 'givenBack'))
);
create index "refused_act_version_index" on "refused_act" (station_id, "version");
create index "refused_act_state_index" on "refused_act" (station_id, "state");
create index "refused_act_author_index" on "refused_act" (station_id, "author");
alter table "refused_act" enable row level security;
alter table "refused_act" force row level security;
create policy own_station on "refused_act" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "refused_act" to nuanlin_app;
