resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
}
