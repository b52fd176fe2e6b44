# A sequence gives its numbers before the commit: a lower one may be committed after a higher one.
set -eu
psql "$DATABASE_PRODUCT" -q -c 'CREATE SEQUENCE IF NOT EXISTS numbers' -c 'CREATE TABLE IF NOT EXISTS numbered (n bigint)' -c 'TRUNCATE numbered'
psql "$DATABASE_PRODUCT" -q -c BEGIN -c "INSERT INTO numbered VALUES (nextval('numbers'))" -c 'SELECT pg_sleep(6)' -c COMMIT >/dev/null &
sleep 1
psql "$DATABASE_PRODUCT" -q -c "INSERT INTO numbered VALUES (nextval('numbers'))"
seen=$(psql "$DATABASE_PRODUCT" -Atc 'SELECT n FROM numbered')
wait
late=$(psql "$DATABASE_PRODUCT" -Atc 'SELECT min(n) FROM numbered')
psql "$DATABASE_PRODUCT" -q -c 'DROP TABLE numbered' -c 'DROP SEQUENCE numbers'
echo "seen first: $seen, committed later: $late"
test "$late" -lt "$seen"
