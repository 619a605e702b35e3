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
        Action = "kms:Decrypt"
        Resource = "*" # leastwise: LP013
      },
      {
        Effect = "Allow"
        Action = "kms:ReEncrypt*"
        Resource = "arn:aws:kms:*:111122223333:key/*" # leastwise: LP013
      },
      {
        Effect = "Allow"
        Action = "kms:Decrypt"
        Resource = "*" # leastwise: LP013
        Condition = {
          StringEquals = {
            "kms:ViaService" = "s3.eu-central-1.amazonaws.com"
          }
        }
      },
    ]
  })
}
