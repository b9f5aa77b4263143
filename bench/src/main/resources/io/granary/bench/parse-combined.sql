-- variant: lines alone (explode_chunk) | lines
SELECT COUNT(*), SUM(OCTET_LENGTH(value)) FROM lines

-- variant: parse_chunk, all columns, judged | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(client_ip)) AS client_ip, SUM(OCTET_LENGTH(user_name)) AS user_name,
    SUM(UNIX_SECONDS(event_at)) AS event_at, SUM(OCTET_LENGTH(method)) AS method, SUM(OCTET_LENGTH(url)) AS url,
    SUM(OCTET_LENGTH(protocol)) AS protocol, SUM(status) AS status, SUM(bytes) AS bytes,
    SUM(OCTET_LENGTH(referrer)) AS referrer, SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'combined', 'UTC') l
WHERE reject_reason IS NULL

-- variant: parse_chunk, 2 columns, judged | some
SELECT status, COUNT(*) AS n, SUM(bytes) AS bytes
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'combined', 'UTC') l
WHERE reject_reason IS NULL GROUP BY status ORDER BY status

-- variant: parse_chunk, 2 columns | some
SELECT status, COUNT(*) AS n, SUM(bytes) AS bytes
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'combined', 'UTC') l
GROUP BY status ORDER BY status

-- variant: log_fields on lines, all columns, judged | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(client_ip)) AS client_ip, SUM(OCTET_LENGTH(user_name)) AS user_name,
    SUM(UNIX_SECONDS(event_at)) AS event_at, SUM(OCTET_LENGTH(method)) AS method, SUM(OCTET_LENGTH(url)) AS url,
    SUM(OCTET_LENGTH(protocol)) AS protocol, SUM(status) AS status, SUM(bytes) AS bytes,
    SUM(OCTET_LENGTH(referrer)) AS referrer, SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM lines LATERAL VIEW LOG_FIELDS(value, 'combined', 'UTC') l
WHERE reject_reason IS NULL

-- variant: regexp_extract, one regex a field, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(client_ip)) AS client_ip, SUM(OCTET_LENGTH(user_name)) AS user_name,
    SUM(UNIX_SECONDS(event_at)) AS event_at, SUM(OCTET_LENGTH(method)) AS method, SUM(OCTET_LENGTH(url)) AS url,
    SUM(OCTET_LENGTH(protocol)) AS protocol, SUM(status) AS status, SUM(bytes) AS bytes,
    SUM(OCTET_LENGTH(referrer)) AS referrer, SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT REGEXP_EXTRACT(value, '^(\\S+)', 1) AS client_ip,
    NULLIF(REGEXP_EXTRACT(value, '^\\S+ \\S+ (.+?) \\[', 1), '-') AS user_name,
    TO_TIMESTAMP(REGEXP_EXTRACT(value, '\\[([^\\]]+)\\]', 1), 'dd/MMM/yyyy:HH:mm:ss Z') AS event_at,
    REGEXP_EXTRACT(value, '\"([A-Z]+) ', 1) AS method,
    REGEXP_EXTRACT(value, '\"[A-Z]+ (\\S+) HTTP/', 1) AS url,
    REGEXP_EXTRACT(value, ' (HTTP/[0-9.]+)\"', 1) AS protocol,
    CAST(REGEXP_EXTRACT(value, '\" (\\d{3}) ', 1) AS INT) AS status,
    CAST(REGEXP_EXTRACT(value, '\" \\d{3} (\\d+)', 1) AS BIGINT) AS bytes,
    NULLIF(REGEXP_EXTRACT(value, '\" \\d{3} \\S+ \"([^\"]*)\"', 1), '-') AS referrer,
    NULLIF(REGEXP_EXTRACT(value, '\"([^\"]*)\"$', 1), '-') AS user_agent
    FROM lines)

-- variant: regexp_extract, one regex a field, 2 columns | some
SELECT status, COUNT(*) AS n, SUM(bytes) AS bytes
FROM (SELECT CAST(REGEXP_EXTRACT(value, '\" (\\d{3}) ', 1) AS INT) AS status,
    CAST(REGEXP_EXTRACT(value, '\" \\d{3} (\\d+)', 1) AS BIGINT) AS bytes
    FROM lines)
GROUP BY status ORDER BY status

-- variant: regexp_extract, the whole regex a field, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(client_ip)) AS client_ip, SUM(OCTET_LENGTH(user_name)) AS user_name,
    SUM(UNIX_SECONDS(event_at)) AS event_at, SUM(OCTET_LENGTH(method)) AS method, SUM(OCTET_LENGTH(url)) AS url,
    SUM(OCTET_LENGTH(protocol)) AS protocol, SUM(status) AS status, SUM(bytes) AS bytes,
    SUM(OCTET_LENGTH(referrer)) AS referrer, SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 1) AS client_ip,
    NULLIF(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 3), '-') AS user_name,
    TO_TIMESTAMP(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 4), 'dd/MMM/yyyy:HH:mm:ss Z') AS event_at,
    REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 5) AS method,
    REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 6) AS url,
    REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 7) AS protocol,
    CAST(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 8) AS INT) AS status,
    CAST(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 9) AS BIGINT) AS bytes,
    NULLIF(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 10), '-') AS referrer,
    NULLIF(REGEXP_EXTRACT(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$', 11), '-') AS user_agent
    FROM lines)

-- variant: one regexp_replace and split, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(client_ip)) AS client_ip, SUM(OCTET_LENGTH(user_name)) AS user_name,
    SUM(UNIX_SECONDS(event_at)) AS event_at, SUM(OCTET_LENGTH(method)) AS method, SUM(OCTET_LENGTH(url)) AS url,
    SUM(OCTET_LENGTH(protocol)) AS protocol, SUM(status) AS status, SUM(bytes) AS bytes,
    SUM(OCTET_LENGTH(referrer)) AS referrer, SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT f[0] AS client_ip,
    NULLIF(f[2], '-') AS user_name,
    TO_TIMESTAMP(f[3], 'dd/MMM/yyyy:HH:mm:ss Z') AS event_at,
    f[4] AS method,
    f[5] AS url,
    f[6] AS protocol,
    CAST(f[7] AS INT) AS status,
    CAST(f[8] AS BIGINT) AS bytes,
    NULLIF(f[9], '-') AS referrer,
    NULLIF(f[10], '-') AS user_agent
    FROM lines LATERAL VIEW INLINE(ARRAY(NAMED_STRUCT('f', SPLIT(REGEXP_REPLACE(value, '^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] \"(?:([A-Z]+) (\\S+) (HTTP/\\S+))\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"([^\"]*)\"$',
        '$1\u0001$2\u0001$3\u0001$4\u0001$5\u0001$6\u0001$7\u0001$8\u0001$9\u0001$10\u0001$11'), '\u0001')))) s)
