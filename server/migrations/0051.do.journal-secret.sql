-- From this and a device's name comes the key of that device's journal (server/access/journal-key.ts). Two random UUIDs
-- carry 244 bits. The app's role has no need of it: keys are given out by signing in only.
alter table station
  add column journal_secret text not null default gen_random_uuid()::text || gen_random_uuid()::text;
