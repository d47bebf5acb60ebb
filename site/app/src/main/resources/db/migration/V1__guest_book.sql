CREATE TABLE IF NOT EXISTS message (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  text VARCHAR(2000) NOT NULL,
  written TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- What makes sending twice the same as sending once; NULL where the sender gave no key.
  idempotency_key VARBINARY(32) NULL UNIQUE
) CHARACTER SET utf8mb4;
