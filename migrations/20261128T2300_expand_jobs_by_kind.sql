-- What waits of one kind, and since when, is found without reading the queue: /readyz asks it often.
create index jobs_job_by_kind on jobs_job (tenant, kind, ready_at);
