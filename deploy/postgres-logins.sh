#!/usr/bin/env bash
# Run once by the PostgreSQL image on an empty volume: a login for each part, and a database for each owner.
# The group roles and row level security come with the migrations.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$OWNER_DB_PASSWORD" \
  --set app_password="$APP_DB_PASSWORD" \
  --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE net119_owner_login LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE net119_app_login LOGIN PASSWORD :'app_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';

CREATE DATABASE net119 OWNER net119_owner_login;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

-- Nobody looks into a database of another part.
REVOKE CONNECT, TEMPORARY ON DATABASE net119, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE net119 TO net119_app_login;
SQL
