create table events (event_id uuid primary key, fact_name text not null);
