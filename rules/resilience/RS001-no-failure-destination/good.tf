resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_lambda_function" "nightly" {
  function_name = "nightly"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "nightly.zip"
  role          = "arn:aws:iam::123456789012:role/nightly"
  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_lambda_permission" "night" {
  function_name = aws_lambda_function.nightly.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
}

resource "aws_lambda_function" "notify" {
  function_name = "notify"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "notify.zip"
  role          = "arn:aws:iam::123456789012:role/notify"
}

resource "aws_lambda_function_event_invoke_config" "notify" {
  function_name = aws_lambda_function.notify.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_lambda_permission" "notify" {
  function_name = aws_lambda_function.notify.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}
