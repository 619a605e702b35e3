resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "go1.x" # leastwise: SL001
  handler       = "main"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
}
