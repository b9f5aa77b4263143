-- Parsed access-log lines of one day, always the same for the same number of lines; the mix is the simulator's: pages, the
-- static files they bring along, a few POSTs; 14 requests a visitor, close to each other; noon busier than night.
WITH request AS (
    SELECT
        id,
        CAST((id + PMOD(XXHASH64(id, 1), 2000)) DIV 14 AS BIGINT) AS visitor,
        PMOD(XXHASH64(id, 2), 1000) AS kind,
        PMOD(XXHASH64(id, 3), 1000) AS page,
        PMOD(XXHASH64(id, 4), 1000) AS luck,
        PMOD(XXHASH64(id, 5), 40000) AS size,
        POW(PMOD(XXHASH64(id, 6), 1000) / 1000.0, 2) AS popular,
        ELEMENT_AT(ARRAY('books', 'garden', 'kitchen', 'music', 'sport', 'toys'), CAST(1 + PMOD(XXHASH64(id, 7), 6) AS INT)) AS category,
        LEAST(86399, CAST(86400 * (id / :lines + 0.1 * SIN(2 * PI() * id / :lines)) AS INT)) AS second
    FROM RANGE(0, :lines, 1, 2)
),

visit AS (
    SELECT
        *,
        CASE
            WHEN page < 250 THEN '/'
            WHEN page < 450 THEN CONCAT('/category/', category)
            WHEN page < 550 THEN CONCAT('/search?q=', category, '%20', size % 50)
            ELSE CONCAT('/product/', 1 + CAST(120 * popular AS INT), '.html')
        END AS page_url,
        CASE WHEN kind < 620 THEN 'file' WHEN kind < 654 THEN 'cart' ELSE 'page' END AS what,
        PMOD(XXHASH64(visitor, 8), 120000) AS address,
        PMOD(XXHASH64(visitor, 9), 1000) AS person
    FROM request
)

SELECT
    'local' AS region,
    'demo-shop' AS site,
    'web-1' AS host,
    'bench-generation' AS file,
    id * 220 AS line_offset,
    id + 1 AS line_number,
    TIMESTAMP_SECONDS(UNIX_TIMESTAMP(TIMESTAMP ':ds 00:00:00') + second + 1) AS collected_at,
    'bench' AS seal_id,
    CONCAT('198.', 51 + address DIV 15000, '.', address DIV 250 % 60, '.', 1 + address % 250) AS client_ip,
    CASE WHEN person < 400 THEN CONCAT('user-', 1 + person) END AS user_name,
    TIMESTAMP_SECONDS(UNIX_TIMESTAMP(TIMESTAMP ':ds 00:00:00') + second) AS event_at,
    CASE WHEN what = 'cart' THEN 'POST' ELSE 'GET' END AS method,
    CASE
        what
        WHEN 'file' THEN ELEMENT_AT(
            ARRAY('/static/app.css', '/static/app.js', '/static/logo.svg', '/static/hero.webp', '/favicon.ico', '/static/font.woff2'),
            CAST(1 + page % 6 AS INT)
        )
        WHEN 'cart' THEN '/api/cart'
        ELSE page_url
    END AS url,
    'HTTP/1.1' AS protocol,
    CASE
        WHEN what = 'file' THEN IF(luck < 500, 304, 200)
        WHEN what = 'cart' THEN 200
        WHEN luck < 50 THEN 404
        WHEN luck < 70 THEN 500
        WHEN luck < 200 THEN 304
        ELSE 200
    END AS status,
    CASE
        WHEN (what = 'file' AND luck < 500) OR (what = 'page' AND luck BETWEEN 70 AND 199) THEN 0
        ELSE 200 + size
    END AS bytes,
    CASE
        WHEN what <> 'page' THEN page_url
        WHEN luck % 2 = 0 THEN 'https://search.example/?q=demo'
    END AS referrer,
    ELEMENT_AT(
        ARRAY(
            'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
            'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
            'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1',
            'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
            'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
            'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/)'
        ),
        CAST(1 + 6 * POW(PMOD(XXHASH64(visitor, 10), 1000) / 1000.0, 2) AS INT)
    ) AS user_agent,
    ':ds' AS ds,
    LPAD(CAST(second DIV 3600 AS STRING), 2, '0') AS hh
FROM visit
