CREATE TABLE :table (
    id BIGINT PRIMARY KEY,
    order_no VARCHAR(32) NOT NULL,
    user_id BIGINT NOT NULL,
    sku_id INT NOT NULL,
    sku_name VARCHAR(64) NOT NULL,
    qty SMALLINT NOT NULL,
    price DECIMAL(12, 2) NOT NULL,
    amount DECIMAL(18, 2) NOT NULL,
    status TINYINT NOT NULL,
    is_new TINYINT(1) NOT NULL,
    city VARCHAR(32) NOT NULL,
    create_time DATETIME NOT NULL,
    pay_time DATETIME NULL,
    remark VARCHAR(200) NULL,
    weight DOUBLE NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4
