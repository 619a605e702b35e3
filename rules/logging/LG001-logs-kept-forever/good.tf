variable "stage" {
  type = string
}

resource "aws_lambda_function" "sync" {
  function_name = "sync-${var.stage}"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
}

resource "aws_cloudwatch_log_group" "sync" {
  name              = "/aws/lambda/${aws_lambda_function.sync.function_name}"
  retention_in_days = 30
}

# Named before the function is, so that it exists when the function first writes.
resource "aws_cloudwatch_log_group" "order" {
  name              = "/aws/lambda/order-${var.stage}"
  retention_in_days = 30
}

resource "aws_lambda_function" "order" {
  function_name = "order-${var.stage}"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "order.zip"
  role          = "arn:aws:iam::123456789012:role/order"
  depends_on    = [aws_cloudwatch_log_group.order]
}

# A group under a name of its own, which the function is told to write to.
resource "aws_lambda_function" "bill" {
  function_name = "bill"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "bill.zip"
  role          = "arn:aws:iam::123456789012:role/bill"
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.bill.name
  }
}

resource "aws_cloudwatch_log_group" "bill" {
  name              = "/shop/bill"
  retention_in_days = 30
}
