variable "open" {
  type = string
}

resource "aws_cloudwatch_metric_alarm" "plain_alarm" {
  alarm_name          = "plain"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
}

resource "aws_cloudwatch_metric_alarm" "full_alarm" {
  alarm_name                = "full"
  actions_enabled           = false
  alarm_actions             = ["t"]
  comparison_operator       = "GreaterThanThreshold"
  dimensions                = { FunctionName = "f" }
  evaluation_periods        = 1
  insufficient_data_actions = ["t"]
  metric_name               = "Errors"
  namespace                 = "AWS/Lambda"
  ok_actions                = ["t", "u"]
  treat_missing_data        = "breaching"
}

resource "aws_cloudwatch_metric_alarm" "computed_alarm" {
  alarm_name          = "computed"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_query {
    id         = "a"
    expression = "b * 100"
  }
  metric_query {
    id = "b"
    metric {
      metric_name = "Errors"
      namespace   = "AWS/Lambda"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "plain_composite" {
  alarm_name = "plain"
  alarm_rule = "ALARM(a)"
}

resource "aws_cloudwatch_composite_alarm" "full_composite" {
  alarm_name                = "full"
  actions_enabled           = false
  alarm_actions             = ["t"]
  alarm_rule                = "ALARM(a)"
  insufficient_data_actions = ["t"]
  ok_actions                = ["t"]
  actions_suppressor {
    alarm            = "a"
    extension_period = 10
    wait_period      = 20
  }
}

resource "aws_cloudwatch_log_metric_filter" "plain_metric" {
  name           = "plain"
  pattern        = "ERROR"
  log_group_name = "g"
  metric_transformation {
    name      = "Errors"
    namespace = "Own"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_metric_filter" "full_metric" {
  name           = "full"
  pattern        = "{ $.errorCode = \"AccessDenied*\" }"
  log_group_name = "g"
  metric_transformation {
    name      = "Denied"
    namespace = "Audit"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_subscription_filter" "plain_subscription" {
  name            = "plain"
  destination_arn = "arn:aws:lambda:eu-west-1:111122223333:function:f"
  filter_pattern  = "ERROR"
  log_group_name  = "g"
}

resource "aws_cloudwatch_log_subscription_filter" "full_subscription" {
  name            = "full"
  destination_arn = "arn:aws:kinesis:us-east-1:111122223333:stream/s"
  filter_pattern  = ""
  log_group_name  = "g"
  role_arn        = "r"
}

resource "aws_cloudwatch_log_subscription_filter" "open_subscription" {
  name            = "open"
  destination_arn = var.open
  filter_pattern  = "ERROR"
  log_group_name  = "g"
}

resource "aws_cloudwatch_log_destination" "plain_taker" {
  name       = "a"
  role_arn   = "r"
  target_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
}

resource "aws_cloudwatch_log_destination" "full_taker" {
  name       = "b"
  role_arn   = "r"
  target_arn = "arn:aws:firehose:us-east-1:111122223333:deliverystream/d"
}

resource "aws_cloudwatch_log_destination_policy" "takes" {
  destination_name = aws_cloudwatch_log_destination.full_taker.name
  access_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "logs:PutSubscriptionFilter", Resource = "*" }]
  })
}

resource "aws_cloudwatch_log_resource_policy" "plain_writers" {
  policy_name = "a"
  policy_document = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "es.amazonaws.com" }
      Action    = "logs:PutLogEvents"
      Resource  = "*"
    }]
  })
}

resource "aws_cloudwatch_log_resource_policy" "full_writers" {
  policy_name = "b"
  policy_document = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "logs:PutLogEvents", Resource = "*" },
      {
        Effect    = "Allow"
        Principal = { Service = "es.amazonaws.com" }
        Action    = "logs:CreateLogStream"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_observabilityadmin_centralization_rule_for_organization" "plain_central" {
  rule_name = "a"
  rule {
    destination {
      region = "eu-west-1"
      destination_logs_configuration {
        logs_encryption_configuration {
          encryption_strategy = "AWS_OWNED"
        }
      }
    }
    source {
      regions = ["eu-west-1"]
      source_logs_configuration {
        encrypted_log_group_strategy = "SKIP"
      }
    }
  }
}

resource "aws_observabilityadmin_centralization_rule_for_organization" "full_central" {
  rule_name = "b"
  rule {
    destination {
      region = "us-east-1"
      destination_logs_configuration {
        backup_configuration {
          region = "us-west-2"
        }
        logs_encryption_configuration {
          encryption_strategy = "CUSTOMER_MANAGED"
          kms_key_arn         = "k"
        }
      }
    }
    source {
      regions = ["eu-west-1", "us-east-1"]
      source_logs_configuration {
        encrypted_log_group_strategy = "ALLOW"
      }
    }
  }
}

resource "aws_synthetics_canary" "plain_canary" {
  name                 = "a"
  artifact_s3_location = "s3://b"
  run_config {
    active_tracing = false
  }
}

resource "aws_synthetics_canary" "full_canary" {
  name                     = "b"
  artifact_s3_location     = "s3://b"
  failure_retention_period = 7
  success_retention_period = 14
  artifact_config {
    s3_encryption {
      encryption_mode = "SSE_KMS"
      kms_key_arn     = "arn:aws:kms:eu-west-1:111122223333:key/k"
    }
  }
  run_config {
    active_tracing = true
  }
  vpc_config {
    security_group_ids = ["g"]
    subnet_ids         = ["s"]
  }
}

resource "aws_ssm_parameter" "plain_parameter" {
  name  = "/app/colour"
  tier  = "Standard"
  type  = "String"
  value = "blue"
}

resource "aws_ssm_parameter" "secret_parameter" {
  name  = "/app/password"
  type  = "String"
  value = "Wq8zKp3vLm5xRt2n"
}

resource "aws_ssm_parameter" "full_parameter" {
  allowed_pattern = "a.*"
  name            = "/app/list"
  tier            = "Advanced"
  type            = "StringList"
  value           = var.open
}

resource "aws_ssm_parameter" "secure_parameter_only" {
  name  = "/app/key"
  type  = "SecureString"
  value = var.open
}

resource "aws_ssm_parameter" "own_key_parameter_only" {
  name   = "/app/own"
  type   = "SecureString"
  value  = var.open
  key_id = "arn:aws:kms:eu-west-1:111122223333:key/k"
}

resource "aws_ssm_document" "plain_document" {
  name          = "plain"
  content       = jsonencode({ schemaVersion = "2.2" })
  document_type = "Command"
}

resource "aws_ssm_document" "full_document" {
  name            = "full"
  content         = jsonencode({ inputs = { kmsKeyId = "k", s3BucketName = "b" } })
  document_format = "YAML"
  document_type   = "Session"
}

resource "aws_ssm_document" "public_document_only" {
  name          = "public"
  content       = jsonencode({ schemaVersion = "2.2" })
  document_type = "Command"
  permissions   = { type = "Share", account_ids = "All" }
}

resource "aws_ssm_maintenance_window" "plain_window" {
  name                       = "a"
  allow_unassociated_targets = false
  cutoff                     = 1
  duration                   = 2
  schedule                   = "rate(7 days)"
}

resource "aws_ssm_maintenance_window" "full_window" {
  name                       = "b"
  allow_unassociated_targets = true
  cutoff                     = 2
  duration                   = 4
  schedule                   = "rate(7 days)"
}

resource "aws_ssm_resource_data_sync" "plain_sync" {
  name = "a"
  s3_destination {
    bucket_name = "b"
    region      = "eu-west-1"
  }
}

resource "aws_ssm_resource_data_sync" "full_sync" {
  name = "b"
  s3_destination {
    bucket_name = "b"
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/k"
    region      = "us-east-1"
  }
}

resource "aws_cloudformation_stack" "plain_stack" {
  name         = "a"
  template_url = "https://b.s3.amazonaws.com/t.yaml"
}

resource "aws_cloudformation_stack" "full_stack" {
  name              = "b"
  notification_arns = ["t"]
  template_url      = "http://b.s3.amazonaws.com/t.yaml"
}

resource "aws_cloudformation_stack_set" "plain_stacks" {
  name = "a"
}

resource "aws_cloudformation_stack_set" "full_stacks" {
  name             = "b"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  permission_model = "SERVICE_MANAGED"
  auto_deployment {
    enabled = true
  }
  managed_execution {
    active = true
  }
}
