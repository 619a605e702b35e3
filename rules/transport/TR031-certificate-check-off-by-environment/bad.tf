resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
  environment {
    variables = {
      NODE_TLS_REJECT_UNAUTHORIZED = "0" # leastwise: TR031
    }
  }
}
