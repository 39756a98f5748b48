-- Creates the roles and their privileges, as a master user that is not a superuser, as on RDS.
-- deploy/local/lib/roles.sql does the same as superuser. Run it in psql, connected to the database,
-- with OWNER_PASSWORD, APP_PASSWORD and READER_PASSWORD in the environment. It can be repeated.
--   bookstore_owner   owns the database and its objects; the schema tool's role
--   bookstore_app     reads and writes rows; the server's role
--   bookstore_reader  reads rows; for people and reports
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv reader_password READER_PASSWORD
BEGIN;
SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['bookstore_owner', 'bookstore_app', 'bookstore_reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
-- Replaces the current passwords with those of the secrets.
ALTER ROLE bookstore_owner NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE bookstore_app NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
ALTER ROLE bookstore_reader NOCREATEDB NOCREATEROLE PASSWORD :'reader_password';

-- The timeouts are settings of the role because the server must not execute SET: RDS Proxy would
-- pin its connections.
ALTER ROLE bookstore_app SET statement_timeout = '15s';
ALTER ROLE bookstore_app SET lock_timeout = '5s';
ALTER ROLE bookstore_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE bookstore_reader SET statement_timeout = '60s';
ALTER ROLE bookstore_reader SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE bookstore_reader SET default_transaction_read_only = on;

-- Only a member of the role can make it the owner of an object.
GRANT bookstore_owner TO CURRENT_USER;
ALTER DATABASE :"DBNAME" OWNER TO bookstore_owner;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO bookstore_app, bookstore_reader;
SET LOCAL ROLE bookstore_owner;
-- Before PostgreSQL 15, the schema belongs to the provider's superuser, and this only warns.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- The schema tool grants the privileges of the app role. The reader can read every table that the
-- owner creates.
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO bookstore_reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bookstore_reader;
COMMIT;
