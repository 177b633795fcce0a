-- Photos of a visit: the names of their contents. The bytes lie in the photo store.
alter table visit add column photos text[];
