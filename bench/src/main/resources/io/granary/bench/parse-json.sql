-- variant: lines alone (explode_chunk) | lines
SELECT COUNT(*), SUM(OCTET_LENGTH(value)) FROM lines

-- variant: parse_chunk, all columns, judged | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(event_id)) AS event_id, SUM(OCTET_LENGTH(event_type)) AS event_type,
    SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(OCTET_LENGTH(site)) AS site, SUM(OCTET_LENGTH(campaign_id)) AS campaign_id,
    SUM(OCTET_LENGTH(creative_id)) AS creative_id, SUM(OCTET_LENGTH(position_id)) AS position_id,
    SUM(user_id) AS user_id, SUM(CAST(price * 8 AS BIGINT)) AS price, SUM(OCTET_LENGTH(client_ip)) AS client_ip,
    SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'json(event_at): event_id string, event_type string, event_at timestamp required, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string', 'UTC') l
WHERE reject_reason IS NULL

-- variant: parse_chunk, 3 columns, judged | some
SELECT event_type, COUNT(*) AS n, SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(user_id) AS user_id
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'json(event_at): event_id string, event_type string, event_at timestamp required, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string', 'UTC') l
WHERE reject_reason IS NULL
GROUP BY event_type ORDER BY event_type

-- variant: parse_chunk, 3 columns | some
SELECT event_type, COUNT(*) AS n, SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(user_id) AS user_id
FROM landing LATERAL VIEW PARSE_CHUNK(body, CAST(headers['start'] AS BIGINT), 1L, 0L, NULL, 'json(event_at): event_id string, event_type string, event_at timestamp required, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string', 'UTC') l
GROUP BY event_type ORDER BY event_type

-- variant: json_fields on lines, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(event_id)) AS event_id, SUM(OCTET_LENGTH(event_type)) AS event_type,
    SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(OCTET_LENGTH(site)) AS site, SUM(OCTET_LENGTH(campaign_id)) AS campaign_id,
    SUM(OCTET_LENGTH(creative_id)) AS creative_id, SUM(OCTET_LENGTH(position_id)) AS position_id,
    SUM(user_id) AS user_id, SUM(CAST(price * 8 AS BIGINT)) AS price, SUM(OCTET_LENGTH(client_ip)) AS client_ip,
    SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM lines LATERAL VIEW JSON_FIELDS(value, 'event_id string, event_type string, event_at timestamp, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string') l

-- variant: json_fields on lines, 3 columns | some
SELECT event_type, COUNT(*) AS n, SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(user_id) AS user_id
FROM lines LATERAL VIEW JSON_FIELDS(value, 'event_id string, event_type string, event_at timestamp, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string') l
GROUP BY event_type ORDER BY event_type

-- variant: from_json, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(event_id)) AS event_id, SUM(OCTET_LENGTH(event_type)) AS event_type,
    SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(OCTET_LENGTH(site)) AS site, SUM(OCTET_LENGTH(campaign_id)) AS campaign_id,
    SUM(OCTET_LENGTH(creative_id)) AS creative_id, SUM(OCTET_LENGTH(position_id)) AS position_id,
    SUM(user_id) AS user_id, SUM(CAST(price * 8 AS BIGINT)) AS price, SUM(OCTET_LENGTH(client_ip)) AS client_ip,
    SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT j.* FROM (SELECT FROM_JSON(value, 'event_id string, event_type string, event_at timestamp, site string, campaign_id string, creative_id string, position_id string, user_id bigint, price double, client_ip string, user_agent string') AS j FROM lines))

-- variant: from_json, 3 columns | some
SELECT event_type, COUNT(*) AS n, SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(user_id) AS user_id
FROM (SELECT j.* FROM (SELECT FROM_JSON(value, 'event_type string, event_at timestamp, user_id bigint') AS j FROM lines))
GROUP BY event_type ORDER BY event_type

-- variant: json_tuple, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(event_id)) AS event_id, SUM(OCTET_LENGTH(event_type)) AS event_type,
    SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(OCTET_LENGTH(site)) AS site, SUM(OCTET_LENGTH(campaign_id)) AS campaign_id,
    SUM(OCTET_LENGTH(creative_id)) AS creative_id, SUM(OCTET_LENGTH(position_id)) AS position_id,
    SUM(user_id) AS user_id, SUM(CAST(price * 8 AS BIGINT)) AS price, SUM(OCTET_LENGTH(client_ip)) AS client_ip,
    SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT event_id, event_type, CAST(event_at AS TIMESTAMP) AS event_at, site, campaign_id, creative_id, position_id,
    CAST(user_id AS BIGINT) AS user_id, CAST(price AS DOUBLE) AS price, client_ip, user_agent
    FROM lines LATERAL VIEW JSON_TUPLE(value, 'event_id', 'event_type', 'event_at', 'site', 'campaign_id', 'creative_id', 'position_id', 'user_id', 'price', 'client_ip', 'user_agent') t AS event_id, event_type, event_at, site, campaign_id, creative_id, position_id, user_id, price, client_ip, user_agent)

-- variant: regexp_extract, one regex a field, all columns | all
SELECT COUNT(*) AS n, SUM(OCTET_LENGTH(event_id)) AS event_id, SUM(OCTET_LENGTH(event_type)) AS event_type,
    SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(OCTET_LENGTH(site)) AS site, SUM(OCTET_LENGTH(campaign_id)) AS campaign_id,
    SUM(OCTET_LENGTH(creative_id)) AS creative_id, SUM(OCTET_LENGTH(position_id)) AS position_id,
    SUM(user_id) AS user_id, SUM(CAST(price * 8 AS BIGINT)) AS price, SUM(OCTET_LENGTH(client_ip)) AS client_ip,
    SUM(OCTET_LENGTH(user_agent)) AS user_agent
FROM (SELECT REGEXP_EXTRACT(value, '\"event_id\":\"([^\"]*)\"', 1) AS event_id,
    REGEXP_EXTRACT(value, '\"event_type\":\"([^\"]*)\"', 1) AS event_type,
    CAST(REGEXP_EXTRACT(value, '\"event_at\":\"([^\"]*)\"', 1) AS TIMESTAMP) AS event_at,
    REGEXP_EXTRACT(value, '\"site\":\"([^\"]*)\"', 1) AS site,
    REGEXP_EXTRACT(value, '\"campaign_id\":\"([^\"]*)\"', 1) AS campaign_id,
    REGEXP_EXTRACT(value, '\"creative_id\":\"([^\"]*)\"', 1) AS creative_id,
    REGEXP_EXTRACT(value, '\"position_id\":\"([^\"]*)\"', 1) AS position_id,
    CAST(REGEXP_EXTRACT(value, '\"user_id\":([0-9.]+)', 1) AS BIGINT) AS user_id,
    CAST(REGEXP_EXTRACT(value, '\"price\":([0-9.]+)', 1) AS DOUBLE) AS price,
    REGEXP_EXTRACT(value, '\"client_ip\":\"([^\"]*)\"', 1) AS client_ip,
    REGEXP_EXTRACT(value, '\"user_agent\":\"([^\"]*)\"', 1) AS user_agent
    FROM lines)

-- variant: regexp_extract, one regex a field, 3 columns | some
SELECT event_type, COUNT(*) AS n, SUM(UNIX_MILLIS(event_at)) AS event_at, SUM(user_id) AS user_id
FROM (SELECT REGEXP_EXTRACT(value, '\"event_type\":\"([^\"]*)\"', 1) AS event_type,
    CAST(REGEXP_EXTRACT(value, '\"event_at\":\"([^\"]*)\"', 1) AS TIMESTAMP) AS event_at,
    CAST(REGEXP_EXTRACT(value, '\"user_id\":([0-9.]+)', 1) AS BIGINT) AS user_id
    FROM lines)
GROUP BY event_type ORDER BY event_type
