-- The app's role needs a station's name, never the secret from which the keys of journals are made.
revoke select on station from nuanlin_app;
grant select (id, name, made_at) on station to nuanlin_app;
