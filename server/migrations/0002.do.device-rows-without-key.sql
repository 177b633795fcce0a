-- A first fill notes thousands of rows for one device; a key looked up for each of them costs more than the note.
-- Rows of a device are only ever written in the transaction that holds the device's own row.
alter table device_row drop constraint device_row_station_id_device_id_fkey;
