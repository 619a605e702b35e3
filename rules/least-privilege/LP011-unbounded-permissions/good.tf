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
          "s3:PutObjectAcl",
        ]
        Resource = "arn:aws:s3:::orders/*"
      },
      {
        Effect = "Allow"
        Action = "iam:AttachRolePolicy"
        Resource = "*"
        Condition = {
          ArnEquals = {
            "iam:PolicyARN" = "arn:aws:iam::111122223333:policy/orders"
          }
        }
      },
      {
        Effect = "Allow"
        Action = "kms:CreateGrant"
        Resource = "*"
        Condition = {
          Bool = {
            "kms:GrantIsForAWSResource" = "true"
          }
        }
      },
    ]
  })
}
