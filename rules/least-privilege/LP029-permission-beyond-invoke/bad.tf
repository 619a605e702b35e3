resource "aws_lambda_permission" "invoke" {
  function_name = "orders"
  action        = "lambda:*" # leastwise: LP029
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-central-1:111122223333:orders"
}
