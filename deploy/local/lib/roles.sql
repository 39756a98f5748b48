-- Creates the roles, the database and their privileges. Run it in psql as superuser,
-- with the variables *_password set. It can be repeated.
--   bookstore_owner   owns the database and its objects; the schema tool's role
--   bookstore_app     reads and writes rows; the server's role
--   bookstore_reader  reads rows; for people and reports
SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['bookstore_owner', 'bookstore_app', 'bookstore_reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE bookstore_owner NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'bookstore_owner_password';
ALTER ROLE bookstore_app NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'bookstore_app_password';
ALTER ROLE bookstore_reader NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'bookstore_reader_password';

-- The timeouts are settings of the role because the server must not execute SET:
-- RDS Proxy would pin its connections.
ALTER ROLE bookstore_app SET statement_timeout = '15s';
ALTER ROLE bookstore_app SET lock_timeout = '5s';
ALTER ROLE bookstore_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE bookstore_reader SET statement_timeout = '60s';
ALTER ROLE bookstore_reader SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE bookstore_reader SET default_transaction_read_only = on;

SELECT 'CREATE DATABASE bookstore OWNER bookstore_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bookstore') \gexec
\connect bookstore
REVOKE ALL ON DATABASE bookstore FROM PUBLIC;
GRANT CONNECT ON DATABASE bookstore TO bookstore_app, bookstore_reader;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- The schema tool grants the privileges of the app role. The reader can read every
-- table that the owner creates.
ALTER DEFAULT PRIVILEGES FOR ROLE bookstore_owner GRANT USAGE ON SCHEMAS TO bookstore_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE bookstore_owner GRANT SELECT ON TABLES TO bookstore_reader;
