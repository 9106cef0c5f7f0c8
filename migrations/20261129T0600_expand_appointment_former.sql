-- The edition that held before an agenda was published anew, until what the new one opens is offered
-- to those who wait.
alter table appointment_agenda add column former text;
