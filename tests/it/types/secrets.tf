# without: AWS::SecretsManager::Secret value.written value.generated
variable "open" {
  type = string
}

resource "aws_secretsmanager_secret" "plain_secret" {
  name = "plain"
}

resource "aws_secretsmanager_secret" "full_secret" {
  kms_key_id = "k"
  name       = "full"
  replica {
    region = "us-east-1"
  }
}

resource "aws_secretsmanager_secret_rotation" "plain_rotation" {
  secret_id = aws_secretsmanager_secret.full_secret.id
  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_secretsmanager_secret_rotation" "full_rotation" {
  rotate_immediately = false
  secret_id          = aws_secretsmanager_secret.full_secret.id
  rotation_rules {
    schedule_expression = "rate(10 days)"
  }
}

resource "aws_secretsmanager_secret_rotation" "cron_rotation" {
  secret_id = aws_secretsmanager_secret.full_secret.id
  rotation_rules {
    schedule_expression = "cron(0 16 1,15 * ? *)"
  }
}

resource "aws_secretsmanager_secret_policy" "plain_secret_policy" {
  secret_arn = aws_secretsmanager_secret.full_secret.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}

resource "aws_secretsmanager_secret_policy" "full_secret_policy" {
  block_public_policy = false
  secret_arn          = aws_secretsmanager_secret.plain_secret.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}

resource "aws_kms_replica_key" "plain_replica" {
  primary_key_arn = "arn:aws:kms:us-east-1:111122223333:key/mrk-1"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_replica_key" "full_replica" {
  deletion_window_in_days = 7
  enabled                 = false
  primary_key_arn         = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_alias" "plain_name" {
  name          = "alias/plain"
  target_key_id = aws_kms_replica_key.plain_replica.key_id
}

resource "aws_kms_alias" "full_name" {
  name          = "alias/full"
  target_key_id = aws_kms_replica_key.full_replica.key_id
}

resource "aws_kms_alias" "open_name" {
  name          = "alias/open"
  target_key_id = var.open
}

resource "aws_s3_bucket_policy" "plain_bucket_rights" {
  bucket = "b"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }]
  })
}

resource "aws_s3_bucket_policy" "full_bucket_rights" {
  bucket = "c"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::c", "arn:aws:s3:::c/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sqs_queue_policy" "plain_queue_rights" {
  queue_url = "q"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sqs_queue_policy" "full_queue_rights" {
  queue_url = "q"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sns_topic_policy" "plain_topic_rights" {
  arn = "t"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}

resource "aws_sns_topic_policy" "full_topic_rights" {
  arn = "t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_access_point" "plain_door" {
  bucket = "b"
  name   = "plain"
}

resource "aws_s3_access_point" "full_door" {
  bucket = "b"
  name   = "full"
  public_access_block_configuration {
    block_public_policy = false
  }
  vpc_configuration {
    vpc_id = "v"
  }
}

resource "aws_s3control_access_point_policy" "full_door" {
  access_point_arn = aws_s3_access_point.full_door.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_s3_access_point" "shut_door" {
  bucket = "b"
  name   = "shut"
  public_access_block_configuration {
    block_public_acls = true
  }
}

resource "aws_sns_topic_subscription" "plain_subscription" {
  endpoint  = "http://example.com/"
  protocol  = "http"
  topic_arn = "arn:aws:sns:eu-west-1:111122223333:t"
}

resource "aws_sns_topic_subscription" "full_subscription" {
  endpoint       = "arn:aws:sqs:us-east-1:111122223333:q"
  protocol       = "sqs"
  redrive_policy = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:us-east-1:111122223333:d" })
  topic_arn      = "arn:aws:sns:us-east-1:111122223333:t"
}

resource "aws_sns_topic_subscription" "open_subscription" {
  endpoint  = var.open
  protocol  = var.open
  topic_arn = var.open
}
