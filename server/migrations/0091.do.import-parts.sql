create table "import_part" (
  "station_id" text not null,
  "id" text not null,
  "version" bigint not null,
  "run" text not null,
  "file" text not null,
  "by" text not null,
  "at" timestamptz not null,
  "day" date not null,
  "made" jsonb not null,
  "taken_back_at" timestamptz,
  "taken_back_by" text,
  primary key (station_id, id),
  foreign key (station_id) references station (id)
);
create index "import_part_version_index" on "import_part" (station_id, "version");
create index "import_part_run_index" on "import_part" (station_id, "run");
alter table "import_part" enable row level security;
alter table "import_part" force row level security;
create policy own_station on "import_part" using (station_id = current_setting('nuanlin.station', true)) with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update, delete on "import_part" to nuanlin_app;
