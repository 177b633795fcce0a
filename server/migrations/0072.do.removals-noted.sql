-- What a device was told to take away is looked for at each answer; there is little of it among all that it holds.
create index device_row_removed on device_row (station_id, device_id) where removed;
