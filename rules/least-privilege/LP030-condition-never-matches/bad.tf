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
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          StringEquals = {
            "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/*" # leastwise: LP030
          }
        }
      },
      {
        Effect = "Deny"
        Action = "s3:*"
        Resource = "*"
        Condition = {
          Bool = {
            "aws:MultiFactorAuthPresent" = "false" # leastwise: LP030
          }
        }
      },
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          IpAddress = {
            "aws:SourceIp" = "10.0.0.0/8" # leastwise: LP030
          }
        }
      },
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          StringLike = {
            "s3:prefix" = "orders/*" # leastwise: LP030
          }
        }
      },
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          StringEquals = {
            "aws:PrincipleOrgID" = "o-a1b2c3d4e5" # leastwise: LP030
          }
        }
      },
    ]
  })
}
