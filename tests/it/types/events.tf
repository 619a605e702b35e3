# without: AWS::Events::EventBus public
variable "open" {
  type = string
}

resource "aws_sfn_state_machine" "plain_machine" {
  role_arn = "arn:aws:iam::111122223333:role/machine"
  definition = jsonencode({
    StartAt = "Work"
    States  = { Work = { Type = "Task", Resource = "arn:aws:states:::lambda:invoke", End = true } }
  })
}

resource "aws_sfn_state_machine" "full_machine" {
  role_arn = "arn:aws:iam::111122223333:role/machine"
  type     = "EXPRESS"
  encryption_configuration {
    kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/1"
    type       = "CUSTOMER_MANAGED_KMS_KEY"
  }
  logging_configuration {
    include_execution_data = true
    level                  = "ALL"
  }
  tracing_configuration {
    enabled = true
  }
  definition = <<-EOT
    {
      "StartAt": "Both",
      "States": {
        "Both": {
          "Type": "Parallel",
          "End": true,
          "Branches": [{
            "StartAt": "Inner",
            "States": {
              "Inner": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "TimeoutSeconds": 30,
                "Retry": [{ "ErrorEquals": ["States.ALL"] }],
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Done" }],
                "End": true
              }
            }
          }]
        }
      }
    }
  EOT
}

resource "aws_sfn_state_machine" "open_machine" {
  role_arn = "arn:aws:iam::111122223333:role/machine"
  logging_configuration {
    level = var.open
  }
}

resource "aws_sfn_activity" "plain_activity" {
  name = "plain"
}

resource "aws_sfn_activity" "full_activity" {
  name = "full"
  encryption_configuration {
    kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/1"
    type       = "CUSTOMER_MANAGED_KMS_KEY"
  }
}

resource "aws_sqs_queue" "bin" {
}

resource "aws_cloudwatch_event_rule" "plain_rule" {
  name          = "plain"
  event_pattern = jsonencode({ source = ["orders"] })
}

resource "aws_cloudwatch_event_target" "plain_rule" {
  rule      = aws_cloudwatch_event_rule.plain_rule.name
  target_id = "queue"
  arn       = aws_sqs_queue.bin.arn
}

resource "aws_cloudwatch_event_rule" "full_rule" {
  name                = "full"
  schedule_expression = "rate(1 hour)"
  state               = "DISABLED"
}

resource "aws_cloudwatch_event_target" "full_rule" {
  rule      = aws_cloudwatch_event_rule.full_rule.name
  target_id = "bus"
  arn       = "arn:aws:events:us-east-1:111122223333:event-bus/other"
  dead_letter_config {
    arn = aws_sqs_queue.bin.arn
  }
  retry_policy {
    maximum_retry_attempts = 3
  }
}

resource "aws_cloudwatch_event_target" "full_rule_open" {
  rule      = aws_cloudwatch_event_rule.full_rule.name
  target_id = "open"
  arn       = var.open
}

resource "aws_cloudwatch_event_rule" "open_rule" {
  name                = "open"
  schedule_expression = "rate(1 day)"
  state               = var.open
}

resource "aws_cloudwatch_event_bus" "plain_bus" {
  name = "plain"
}

resource "aws_cloudwatch_event_bus" "full_bus" {
  name               = "full"
  kms_key_identifier = "arn:aws:kms:eu-central-1:111122223333:key/1"
  dead_letter_config {
    arn = aws_sqs_queue.bin.arn
  }
  log_config {
    level = "ERROR"
  }
}

resource "aws_cloudwatch_event_bus_policy" "open_policy" {
  event_bus_name = "full"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "events:PutEvents", Resource = "*" }]
  })
}

resource "aws_cloudwatch_event_bus_policy" "closed_policy" {
  event_bus_name = "full"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "events:PutEvents"
      Resource  = "*"
    }]
  })
}

resource "aws_cloudwatch_event_permission" "old_open_policy" {
  principal    = "*"
  statement_id = "everyone"
}

resource "aws_cloudwatch_event_permission" "old_bound_policy" {
  principal    = "*"
  statement_id = "org"
  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}

resource "aws_cloudwatch_event_api_destination" "plain_destination" {
  name                = "plain"
  connection_arn      = "c"
  http_method         = "POST"
  invocation_endpoint = "https://hook.example.com"
}

resource "aws_cloudwatch_event_api_destination" "full_destination" {
  name                             = "full"
  connection_arn                   = "c"
  http_method                      = "POST"
  invocation_endpoint              = "http://hook.example.com"
  invocation_rate_limit_per_second = 5
}

resource "aws_cloudwatch_event_connection" "plain_connection" {
  name               = "plain"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      password = "Wq8zKp3vLm5xRt2n"
      username = "orders"
    }
  }
}

resource "aws_cloudwatch_event_connection" "full_connection" {
  name               = "full"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"
  kms_key_identifier = "arn:aws:kms:eu-central-1:111122223333:key/1"
  auth_parameters {
    oauth {
      authorization_endpoint = "http://login.example.com"
      http_method            = "POST"
      client_parameters {
        client_id     = "a"
        client_secret = var.open
      }
    }
  }
}

resource "aws_cloudwatch_event_connection" "key_connection_only" {
  name               = "key"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-key"
      value = aws_secretsmanager_secret.hook_only.id
    }
  }
}

resource "aws_cloudwatch_event_connection" "bare_connection_only" {
  name               = "bare"
  authorization_type = "API_KEY"
}

resource "aws_secretsmanager_secret" "hook_only" {
}

resource "aws_cloudwatch_event_endpoint" "plain_endpoint" {
  name = "plain"
  event_bus {
    event_bus_arn = "a"
  }
  event_bus {
    event_bus_arn = "b"
  }
  routing_config {
    failover_config {
      primary {
        health_check = "h"
      }
      secondary {
        route = "us-east-1"
      }
    }
  }
}

resource "aws_cloudwatch_event_endpoint" "full_endpoint" {
  name = "full"
  event_bus {
    event_bus_arn = "a"
  }
  event_bus {
    event_bus_arn = "b"
  }
  replication_config {
    state = "DISABLED"
  }
  routing_config {
    failover_config {
      primary {
        health_check = "h"
      }
      secondary {
        route = "eu-west-1"
      }
    }
  }
}

resource "aws_cloudwatch_event_archive" "plain_archive" {
  name             = "plain"
  event_source_arn = aws_cloudwatch_event_bus.plain_bus.arn
}

resource "aws_cloudwatch_event_archive" "full_archive" {
  name               = "full"
  event_source_arn   = aws_cloudwatch_event_bus.plain_bus.arn
  kms_key_identifier = "arn:aws:kms:eu-central-1:111122223333:key/1"
  retention_days     = 30
}

resource "aws_pipes_pipe" "plain_pipe" {
  role_arn = "r"
  source   = aws_sqs_queue.bin.arn
  target   = aws_cloudwatch_event_bus.plain_bus.arn
}

resource "aws_pipes_pipe" "full_pipe" {
  desired_state      = "STOPPED"
  kms_key_identifier = "arn:aws:kms:eu-central-1:111122223333:key/1"
  role_arn           = "r"
  source             = "arn:aws:kinesis:eu-central-1:111122223333:stream/clicks"
  target             = "arn:aws:events:us-east-1:111122223333:event-bus/other"
  log_configuration {
    include_execution_data = ["ALL"]
    level                  = "TRACE"
  }
  source_parameters {
    kinesis_stream_parameters {
      starting_position = "LATEST"
      dead_letter_config {
        arn = aws_sqs_queue.bin.arn
      }
    }
  }
}

resource "aws_scheduler_schedule" "plain_schedule" {
  schedule_expression = "rate(1 hour)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_sqs_queue.bin.arn
    role_arn = "r"
  }
}

resource "aws_scheduler_schedule" "full_schedule" {
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/1"
  schedule_expression = "rate(1 hour)"
  state               = "DISABLED"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:sqs:us-east-1:111122223333:other"
    role_arn = "r"
    dead_letter_config {
      arn = aws_sqs_queue.bin.arn
    }
    retry_policy {
      maximum_retry_attempts = 0
    }
  }
}

resource "aws_scheduler_schedule" "open_schedule" {
  schedule_expression = "rate(1 hour)"
  state               = var.open
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = var.open
    role_arn = "r"
  }
}
