"""The types that a request can cast to: the word of the request only chooses one of these."""

from ..refusal import Refusal

_NAMES = """
bigint bit bool boolean box bpchar bytea char cidr circle date datemultirange daterange decimal
float float4 float8 inet int int2 int4 int4multirange int4range int8 int8multirange int8range
integer interval json jsonb jsonpath line lseg macaddr macaddr8 money name nummultirange numeric
numrange oid path pg_lsn point polygon real regclass regtype regproc regrole regnamespace smallint
text time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange
tsvector uuid varchar xid xml
""".split()  # noqa: SIM905 - it is read as a list of words
_ARRAYS = """
bit bool box bpchar bytea char cidr circle date datemultirange daterange float4 float8 inet int2
int4 int4range int8 int8range interval json jsonb line lseg macaddr money name numeric numrange oid
path point polygon text time timestamp timestamptz timetz tsquery tsrange tstzrange tsvector uuid
varchar xml
""".split()  # noqa: SIM905
_LONG = (
    "double precision",
    "character varying",
    "character",
    "bit varying",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
)
_TYPES = {name: name for name in (*_NAMES, *_LONG)} | {f"_{name}": f"_{name}" for name in _ARRAYS}


def cast_type(word: str) -> str:
    """Choose the type that a request names; raise a Refusal with PostgreSQL's code."""
    words = word.lower().split()
    found = _TYPES.get(" ".join(words))
    if found is None and len(words) > 1:
        raise Refusal(400, "42601", f'syntax error at or near "{words[1]}"')
    if found is None:
        raise Refusal(400, "42704", f'type "{word.strip().lower()}" does not exist')
    return found
