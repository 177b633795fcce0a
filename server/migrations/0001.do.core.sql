-- The frame around all records: stations, the order of changes, acts with their verdicts, review, audit, what each
-- device holds, and sign-in. Tables of records are made by the migrations of the features.
--
-- Every table begins with the station, so that one station fits one database and many can share one. Row-level
-- security is the second lock: the app works as the role nuanlin_app, which sees only the station it has said it
-- works for, even when a query forgets to ask for it.

do $$
begin
  if not exists (select from pg_roles where rolname = 'nuanlin_app') then
    create role nuanlin_app nologin;
  end if;
exception
  -- Another database of the same cluster was being set up at the same moment.
  when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
  if not pg_has_role(current_user, 'nuanlin_app', 'member') then
    execute format('grant nuanlin_app to %I', current_user);
  end if;
end
$$;

-- One row. Changes when the database is restored from a backup; phones then send again what the backup lost.
create table epoch (
  only_one boolean primary key default true check (only_one),
  id text not null default gen_random_uuid()::text
);
insert into epoch default values;

create table station (
  id text primary key,
  name text not null,
  made_at timestamptz not null default now()
);

-- The order of changes. Taken as the last lock of a writing transaction, so versions appear in the order of commits.
create table station_clock (
  station_id text primary key references station (id),
  version bigint not null default 0,
  -- Version at the last change of each kind.
  kinds jsonb not null default '{}',
  audit_number bigint not null default 0,
  audit_hash text not null default ''
);

-- Every act ever taken, once, with its verdict.
create table act (
  station_id text not null references station (id),
  device_id text not null,
  seq bigint not null,
  act_id text not null,
  name text not null,
  args_version integer not null,
  args json not null,
  content text not null,
  person_id text not null,
  claimed_at timestamptz not null,
  corrected_at timestamptz not null,
  received_at timestamptz not null,
  verdict text not null check (verdict in ('applied', 'refused')),
  code text,
  held_with text,
  primary key (station_id, device_id, seq),
  constraint act_taken_once unique (station_id, act_id)
);

-- Refused acts, whole, until somebody has decided what becomes of them.
create table review (
  station_id text not null references station (id),
  device_id text not null,
  seq bigint not null,
  act_id text not null,
  name text not null,
  args_version integer not null,
  args json not null,
  person_id text not null,
  claimed_at timestamptz not null,
  corrected_at timestamptz not null,
  received_at timestamptz not null,
  code text not null,
  held_with text,
  handled_at timestamptz,
  handled_by text,
  decision text,
  primary key (station_id, device_id, seq, act_id)
);
create index review_open on review (station_id, received_at) where handled_at is null;

-- Who did what to whom, when, from which device; each entry carries the hash of the one before it.
create table audit (
  station_id text not null references station (id),
  number bigint not null,
  at timestamptz not null,
  what text not null,
  person_id text,
  device_id text,
  -- Names of records, 'kind:id'.
  about text[] not null default '{}',
  details jsonb not null default '{}',
  previous text not null,
  hash text not null,
  primary key (station_id, number)
);
create index audit_about on audit using gin (about);

-- What the server knows of a device besides the records it holds.
create table device_state (
  station_id text not null references station (id),
  device_id text not null,
  last_pull bigint not null default 0,
  reset_pull bigint not null default 0,
  complete boolean not null default false,
  checksum bigint,
  contact_at timestamptz,
  unsent integer not null default 0,
  oldest_at timestamptz,
  refused integer not null default 0,
  primary key (station_id, device_id)
);

-- What each device holds. Version 0: it may hold the record in a version nobody knows.
create table device_row (
  station_id text not null,
  device_id text not null,
  kind text not null,
  id text not null,
  version bigint not null,
  pull_no bigint not null,
  removed boolean not null,
  hash bigint not null,
  primary key (station_id, device_id, kind, id),
  foreign key (station_id, device_id) references device_state (station_id, device_id) on delete cascade
);

-- Work the station does by itself, each at most once at a time, whichever process takes it.
create table job_run (
  station_id text not null references station (id),
  name text not null,
  next_at timestamptz not null,
  last_at timestamptz,
  last_error text,
  primary key (station_id, name)
);

-- Staff who sign in with name and password.
create table account (
  station_id text not null references station (id),
  person_id text not null,
  name text not null,
  password_hash text not null,
  made_at timestamptz not null default now(),
  primary key (station_id, person_id)
);
create unique index account_name on account (lower(name));

-- One row per signed-in device; only a hash of the secret is kept.
create table session (
  token_hash text primary key,
  station_id text not null references station (id),
  person_id text not null,
  device_id text not null,
  way text not null check (way in ('password', 'join')),
  made_at timestamptz not null default now(),
  expires_at timestamptz,
  ended_at timestamptz
);
create index session_device on session (station_id, device_id);

-- A way onto a phone, for one person, once.
create table join_code (
  station_id text not null references station (id),
  id text not null,
  person_id text not null,
  code_hash text not null,
  token_hash text not null unique,
  made_by text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  device_id text,
  primary key (station_id, id)
);
create index join_code_code on join_code (code_hash);

-- Guesses at passwords and codes, counted per place and per name.
create table guess (
  bucket text primary key,
  count integer not null,
  until timestamptz not null
);

do $$
declare
  name text;
begin
  foreach name in array array[
    'station_clock', 'act', 'review', 'audit', 'device_state', 'device_row', 'job_run', 'account', 'session', 'join_code'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format(
      'create policy own_station on %I to nuanlin_app using (station_id = current_setting(''nuanlin.station'', true)) '
      'with check (station_id = current_setting(''nuanlin.station'', true))', name);
  end loop;
end
$$;

-- Acts and audit are appended and never changed; sign-in is looked up before a station is known, by the owner only.
grant usage on schema public to nuanlin_app;
grant select on epoch, station to nuanlin_app;
grant select, update on station_clock to nuanlin_app;
grant select, insert on act, audit to nuanlin_app;
grant select, insert, update on review to nuanlin_app;
grant select, insert, update, delete on device_state, device_row, job_run to nuanlin_app;
