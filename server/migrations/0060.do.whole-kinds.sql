-- Kinds of which a person sees every record are compared by version alone: what changed since, and what was taken away
-- since, which is noted here. So the phone of an office with ten thousand records costs no ten thousand notes.
create table gone (
  station_id text not null references station (id),
  kind text not null,
  id text not null,
  -- Counter of the station when the record was taken away.
  version bigint not null,
  primary key (station_id, kind, id)
);
create index gone_version on gone (station_id, kind, version);
alter table gone enable row level security;
create policy own_station on gone to nuanlin_app using (station_id = current_setting('nuanlin.station', true))
  with check (station_id = current_setting('nuanlin.station', true));
grant select, insert, update on gone to nuanlin_app;

-- Sum over all records of each kind, so that a device that holds all of them can be compared without reading them.
alter table station_clock add column sums jsonb not null default '{}';

-- Whose secret this is and who they are here now, in one statement: every request begins with it. The station becomes
-- known on the way, so the second lock stands for the person's record as it does everywhere.
create function known_device(secret_hash text, moment timestamptz)
returns table (
  station text, person text, device text, name text, roles text[], all_communities boolean, communities text[]
)
language plpgsql as $$
declare
  found_session session%rowtype;
begin
  select * into found_session from session s
    where s.token_hash = secret_hash and s.ended_at is null and (s.expires_at is null or s.expires_at > moment);
  if not found then
    return;
  end if;
  perform set_config('nuanlin.station', found_session.station_id, true);
  return query
    select found_session.station_id, found_session.person_id, found_session.device_id, p.name, p.roles,
      p.all_communities, p.communities
    from person p where p.station_id = found_session.station_id and p.id = found_session.person_id and p.active;
end
$$;
