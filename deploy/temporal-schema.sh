#!/bin/sh
# Makes or updates the tables of the Temporal server; run again before a new version of the server starts.
set -eu
export SQL_PASSWORD="$TEMPORAL_DB_PASSWORD"

schema() {
  temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db "$1" \
    setup-schema --version 0.0
  temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db "$1" \
    update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

schema temporal temporal
schema temporal_visibility visibility
