-- How many parts of files wait for validation is asked before each part is said, and a few times a second meanwhile.
-- Requests that came alone are smaller and not counted, however many there are.
create index outbox_parts_awaited on outbox (seq)
where 'validation' = any(awaiting) and fact_name = 'requests.submitted.v1' and length(body) > 4096;
