-- Who typed an outcome in from the sheet of paper of whoever stood at the door; empty when that person said it themselves.
alter table delivery add column entered_by text;
