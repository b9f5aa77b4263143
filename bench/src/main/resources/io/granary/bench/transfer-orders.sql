INSERT INTO orders
SELECT
    seq,
    concat('NO', 100000000000 + seq * 7919),
    (seq * 48271) % 2000003,
    (seq * 16807) % 50021,
    concat('商品-', (seq * 16807) % 50021, '-规格'),
    1 + seq % 9,
    (100 + seq * 31 % 99900) / 100,
    (100 + seq * 31 % 99900) / 100 * (1 + seq % 9),
    seq % 5,
    seq % 2,
    elt(1 + seq % 8, '北京', '上海', '广州', '深圳', '杭州', '成都', '武汉', '西安'),
    '2024-01-01 00:00:00' + INTERVAL (seq * 37 % 31536000) SECOND,
    if(seq % 5 = 0, NULL, '2024-01-01 00:10:00' + INTERVAL (seq * 37 % 31536000) SECOND),
    if(seq % 5 < 3, NULL, concat('备注 ', seq % 1000, ' please deliver in the evening')),
    (seq % 10000) / 7
FROM seq_1_to_:rows
