#!/bin/sh
# The namespace and the search attributes that the workflows use; changes nothing that is there already.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the temporal command itself.
set -eu

# The port opens before the server can answer.
tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo 'Temporal did not become healthy within two minutes' >&2; exit 1; }
  sleep 2
done

if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d \
    --description 'NET119 renewal keeper: one workflow per account'
fi

# A new namespace is known everywhere only after some seconds.
tries=0
until temporal operator search-attribute list >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo 'the namespace did not become usable within a minute' >&2; exit 1; }
  sleep 2
done

attribute() {
  temporal operator search-attribute list | grep -Eq "^ *$1 +$2" ||
    temporal operator search-attribute create --name "$1" --type "$2"
}

attribute AccountPhase Keyword
attribute ExpiresAt Datetime
attribute FireHq Keyword
