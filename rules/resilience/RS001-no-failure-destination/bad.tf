resource "aws_lambda_function" "nightly" { # leastwise: RS001
  function_name = "nightly"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "nightly.zip"
  role          = "arn:aws:iam::123456789012:role/nightly"
}

resource "aws_cloudwatch_event_rule" "night" {
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "night" {
  rule = aws_cloudwatch_event_rule.night.name
  arn  = aws_lambda_function.nightly.arn
}

resource "aws_lambda_permission" "night" {
  function_name = aws_lambda_function.nightly.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.night.arn
}
