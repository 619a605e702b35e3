variable "authorization" {
  type = string
}

resource "aws_lambda_function_url" "hook" {
  function_name      = "hook"
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_function_url" "told" {
  function_name      = "told"
  authorization_type = var.authorization
}
