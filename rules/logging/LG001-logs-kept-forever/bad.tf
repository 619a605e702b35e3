resource "aws_lambda_function" "sync" { # leastwise: LG001
  function_name = "sync"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
}

resource "aws_lambda_function" "order" {
  function_name = "order"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "order.zip"
  role          = "arn:aws:iam::123456789012:role/order"
}

resource "aws_cloudwatch_log_group" "order" { # leastwise: LG001
  name              = "/aws/lambda/${aws_lambda_function.order.function_name}"
  retention_in_days = 0
}
