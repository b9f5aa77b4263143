-- Rows for `bench/run functions`, a function of their number: URLs of 70 bytes, browsers of 110, one agent in eight a robot.
SELECT
    concat('https://shop', n % 50, '.example.org/category/', n % 300, '/product-', n % 9973,
        '.html?utm_source=mail&q=red+shoes%20', n % 97, '&page=', n % 40) AS url,
    concat(1 + n % 222, '.', n * 7 % 256, '.', n * 13 % 256, '.', n * 29 % 256) AS ip,
    concat(head, n * 7919 % 1000 % 125, tail) AS agent,
    concat(head, n, tail) AS fresh_agent
FROM (
    SELECT
        id AS n,
        CASE id * 7919 % 1000 % 8
            WHEN 0 THEN 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/W.X.'
            WHEN 1 THEN 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.'
            WHEN 2 THEN 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.'
            WHEN 3 THEN 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.'
            WHEN 4 THEN 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.'
            ELSE 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.'
        END AS head,
        CASE id * 7919 % 1000 % 8
            WHEN 1 THEN ' Mobile/15E148 Safari/604.1'
            WHEN 2 THEN ''
            WHEN 3 THEN '.0 Mobile Safari/537.36'
            WHEN 4 THEN ' Safari/605.1.15'
            ELSE '.0 Safari/537.36'
        END AS tail
    FROM RANGE(:rows)
)
