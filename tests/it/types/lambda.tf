# without: AWS::Lambda::Version concurrency.provisioned runtime.updates
variable "open" {
  type = string
}

resource "aws_lambda_alias" "plain_alias" {
  name             = "live"
  function_name    = "work"
  function_version = "3"
}

resource "aws_lambda_alias" "full_alias" {
  name             = "latest"
  function_name    = "work"
  function_version = "$LATEST"
  routing_config {
    additional_version_weights = { "2" = 0.1 }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "full_alias" {
  function_name                     = "work"
  qualifier                         = aws_lambda_alias.full_alias.name
  provisioned_concurrent_executions = 5
}

resource "aws_lambda_alias" "open_alias" {
  name             = "open"
  function_name    = "work"
  function_version = var.open
}

resource "aws_lambda_layer_version" "plain_layer" {
  layer_name = "plain"
  s3_bucket  = "layers"
  s3_key     = "layer.zip"
}

resource "aws_lambda_layer_version" "full_layer" {
  layer_name          = "full"
  s3_bucket           = "layers"
  s3_key              = "layer.zip"
  s3_object_version   = "v1"
  compatible_runtimes = ["python3.13", "python3.14"]
}

resource "aws_lambda_layer_version_permission" "plain_share" {
  layer_name     = "shared"
  version_number = 1
  action         = "lambda:GetLayerVersion"
  principal      = "111122223333"
  statement_id   = "plain"
}

resource "aws_lambda_layer_version_permission" "full_share" {
  layer_name      = "shared"
  version_number  = 1
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "o-1234567890"
  statement_id    = "full"
}

resource "aws_lambda_code_signing_config" "plain_signing" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-central-1:111122223333:/signing-profiles/a/1"]
  }
}

resource "aws_lambda_code_signing_config" "full_signing" {
  allowed_publishers {
    signing_profile_version_arns = [
      "arn:aws:signer:eu-central-1:111122223333:/signing-profiles/a/1",
      "arn:aws:signer:eu-central-1:111122223333:/signing-profiles/b/1",
    ]
  }
  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

resource "aws_lambda_code_signing_config" "open_signing" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-central-1:111122223333:/signing-profiles/a/1"]
  }
  policies {
    untrusted_artifact_on_deployment = var.open
  }
}

resource "aws_lambda_function_event_invoke_config" "plain_invocation" {
  function_name = "work"
}

resource "aws_lambda_function_event_invoke_config" "full_invocation" {
  function_name                = "work"
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = 0
  destination_config {
    on_failure {
      destination = "arn:aws:sqs:eu-central-1:111122223333:failed"
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "open_invocation" {
  function_name          = "work"
  maximum_retry_attempts = var.open
}

resource "aws_sqs_queue" "jobs" {
  visibility_timeout_seconds = 60
}

resource "aws_lambda_function" "function" {
  function_name = "worker"
  handler       = "index.handler"
  role          = "arn:aws:iam::111122223333:role/worker"
  runtime       = "python3.14"
  s3_bucket     = "code"
  s3_key        = "code.zip"
  timeout       = 20
}

resource "aws_lambda_function" "brief" {
  function_name = "brief"
  handler       = "index.handler"
  role          = "arn:aws:iam::111122223333:role/worker"
  runtime       = "python3.14"
  s3_bucket     = "code"
  s3_key        = "code.zip"
}

resource "aws_lambda_event_source_mapping" "stream_mapping" {
  event_source_arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders/stream/1"
  function_name    = aws_lambda_function.brief.function_name
}

resource "aws_lambda_event_source_mapping" "queue_mapping" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.function.function_name
}

resource "aws_lambda_event_source_mapping" "full_mapping" {
  bisect_batch_on_function_error = true
  enabled                        = false
  event_source_arn               = "arn:aws:kinesis:eu-central-1:111122223333:stream/clicks"
  function_name                  = aws_lambda_function.function.arn
  function_response_types        = ["ReportBatchItemFailures"]
  kms_key_arn                    = "arn:aws:kms:eu-central-1:111122223333:key/1"
  maximum_record_age_in_seconds  = 3600
  maximum_retry_attempts         = 3
  destination_config {
    on_failure {
      destination_arn = "arn:aws:sqs:eu-central-1:111122223333:failed"
    }
  }
  filter_criteria {
    filter {
      pattern = "{\"a\":[1]}"
    }
  }
}

resource "aws_lambda_event_source_mapping" "open_mapping" {
  event_source_arn        = var.open
  function_name           = "elsewhere"
  function_response_types = [var.open]
}
