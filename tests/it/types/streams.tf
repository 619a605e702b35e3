variable "open" {
  type = string
}

resource "aws_kinesis_stream" "plain_stream" {
  name        = "plain"
  shard_count = 1
}

resource "aws_kinesis_stream" "full_stream" {
  name             = "full"
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
  retention_period = 48
}

resource "aws_kinesis_stream" "open_stream" {
  name            = "open"
  encryption_type = var.open
  kms_key_id      = "k"
}

resource "aws_kinesis_stream_consumer" "plain_consumer" {
  name       = "plain"
  stream_arn = aws_kinesis_stream.plain_stream.arn
}

resource "aws_kinesis_stream_consumer" "full_consumer" {
  name       = "full"
  stream_arn = "arn:aws:kinesis:us-east-1:111122223333:stream/other"
}

resource "aws_kinesis_resource_policy" "plain_rights" {
  resource_arn = aws_kinesis_stream.plain_stream.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "kinesis:PutRecord", Resource = "*" }]
  })
}

resource "aws_kinesis_resource_policy" "full_rights" {
  resource_arn = aws_kinesis_stream.full_stream.arn
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "kinesis:PutRecord", Resource = "*" }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "plain_delivery" {
  name        = "plain"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::b"
    role_arn   = "r"
  }
  server_side_encryption {
    enabled = false
  }
}

resource "aws_kinesis_firehose_delivery_stream" "full_delivery" {
  name        = "full"
  destination = "http_endpoint"
  http_endpoint_configuration {
    access_key     = "abcdefgh"
    name           = "n"
    s3_backup_mode = "AllData"
    url            = "http://example.com/in"
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "g"
      log_stream_name = "s"
    }
    s3_configuration {
      bucket_arn  = "arn:aws:s3:::b"
      kms_key_arn = "k"
      role_arn    = "r"
    }
  }
  server_side_encryption {
    enabled  = true
    key_arn  = "k"
    key_type = "CUSTOMER_MANAGED_CMK"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "fed_delivery" {
  name        = "fed"
  destination = "opensearch"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.plain_stream.arn
    role_arn           = "r"
  }
  opensearch_configuration {
    domain_arn = "arn:aws:es:eu-west-1:111122223333:domain/d"
    index_name = "i"
    role_arn   = "r"
    s3_configuration {
      bucket_arn = "arn:aws:s3:::b"
      role_arn   = "r"
    }
  }
  server_side_encryption {
    enabled = true
  }
}

resource "aws_kinesis_firehose_delivery_stream" "warehouse_delivery" {
  name        = "warehouse"
  destination = "redshift"
  msk_source_configuration {
    msk_cluster_arn = "arn:aws:kafka:eu-west-1:111122223333:cluster/c/u"
    topic_name      = "t"
    authentication_configuration {
      connectivity = "PRIVATE"
      role_arn     = "r"
    }
  }
  redshift_configuration {
    cluster_jdbcurl = "jdbc:redshift://c.abc.us-west-2.redshift.amazonaws.com:5439/db"
    data_table_name = "t"
    password        = var.open
    role_arn        = "r"
    username        = "u"
    s3_configuration {
      bucket_arn = "arn:aws:s3:::b"
      role_arn   = "r"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "open_delivery" {
  name        = "open"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn     = "arn:aws:s3:::b"
    role_arn       = "r"
    s3_backup_mode = var.open
  }
  server_side_encryption {
    enabled  = true
    key_type = var.open
  }
}

resource "aws_msk_cluster" "plain_kafka" {
  cluster_name           = "plain"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
  broker_node_group_info {
    client_subnets  = ["a", "b"]
    instance_type   = "kafka.m5.large"
    security_groups = ["g"]
  }
}

resource "aws_msk_cluster" "full_kafka" {
  cluster_name           = "full"
  enhanced_monitoring    = "PER_BROKER"
  kafka_version          = "2.8.1"
  number_of_broker_nodes = 2
  broker_node_group_info {
    client_subnets  = ["a", "b"]
    instance_type   = "kafka.m5.large"
    security_groups = ["g"]
    connectivity_info {
      public_access {
        type = "SERVICE_PROVIDED_EIPS"
      }
    }
  }
  client_authentication {
    sasl {
      iam = true
    }
  }
  encryption_info {
    encryption_at_rest_kms_key_arn = "k"
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
      in_cluster    = false
    }
  }
  logging_info {
    broker_logs {
      s3 {
        bucket  = "b"
        enabled = true
      }
    }
  }
}

resource "aws_msk_cluster" "signed_kafka" {
  cluster_name           = "signed"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
  broker_node_group_info {
    client_subnets  = ["a", "b"]
    instance_type   = "kafka.m5.large"
    security_groups = ["g"]
  }
  client_authentication {
    unauthenticated = var.open
    tls {
      certificate_authority_arns = ["c"]
    }
  }
}

resource "aws_msk_serverless_cluster" "plain_serverless" {
  cluster_name = "plain"
  vpc_config {
    security_group_ids = ["g"]
    subnet_ids         = ["a"]
  }
}

resource "aws_msk_serverless_cluster" "full_serverless" {
  cluster_name = "full"
  client_authentication {
    sasl {
      iam {
        enabled = true
      }
    }
  }
  vpc_config {
    subnet_ids = ["a"]
  }
}

resource "aws_msk_configuration" "plain_settings" {
  name              = "plain"
  server_properties = "log.retention.hours = 4"
}

resource "aws_msk_configuration" "full_settings" {
  name              = "full"
  server_properties = <<-PROPERTIES
    auto.create.topics.enable = true
    allow.everyone.if.no.acl.found=false
  PROPERTIES
}
