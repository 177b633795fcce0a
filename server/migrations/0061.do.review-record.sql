-- The record in which a person finds a refused act and decides about it (kind refusedAct), so that a decision finds back.
alter table review add column record_id text;
create index review_record on review (station_id, record_id);
