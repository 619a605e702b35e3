resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "dynamodb:GetItems", # leastwise: LP031
          "dynamodb:Query",
        ]
        Resource = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders"
      },
      {
        Effect = "Allow"
        Action = "s3:ListBucket" # leastwise: LP031
        Resource = "arn:aws:s3:::orders/*"
      },
      {
        Effect = "Allow"
        Action = "s3:GetObject" # leastwise: LP031
        Resource = "arn:aws:s3:::orders"
      },
      {
        Effect = "Allow"
        Action = "ecr:GetAuthorizationToken" # leastwise: LP031
        Resource = "arn:aws:ecr:eu-central-1:111122223333:repository/orders"
      },
    ]
  })
}
